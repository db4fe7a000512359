namespace AiAssignments.Http.Routing;

/// <summary>A query parameter or header of a route.</summary>
/// <param name="Name">Its name.</param>
/// <param name="In"><c>query</c> or <c>header</c>.</param>
/// <param name="Description">One sentence with range and default.</param>
/// <param name="Type">JSON schema type: <c>string</c>, <c>integer</c>, <c>number</c>, <c>boolean</c>.</param>
public sealed record RouteParameter(string Name, string In, string Description, string Type = "string");
