namespace AiAssignments.Http.OpenApi;

/// <summary>A schema of the API description: what a route's <c>RequestSchema</c> or <c>ResponseSchema</c> names. Register one as a service for each shape.</summary>
/// <param name="Name">Its name, unique.</param>
/// <param name="Type">The type that is written or read.</param>
public sealed record OpenApiSchema(string Name, Type Type);
