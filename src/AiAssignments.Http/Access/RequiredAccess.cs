using AiAssignments.Pipeline.Access;

namespace AiAssignments.Http.Access;

/// <summary>Endpoint metadata for what is not in the table of gateway routes (a gRPC service, a WebSocket): what the caller must be allowed.</summary>
/// <param name="Scope">The scope. An endpoint that says nothing needs <see cref="AccessScope.Admin"/>.</param>
/// <param name="BodyLimit">Largest body, bytes; <c>null</c>: no limit, and no time limit either.</param>
public sealed record RequiredAccess(AccessScope Scope, long? BodyLimit = 1 << 20)
{
    internal static RequiredAccess Unsaid { get; } = new(AccessScope.Admin);
}

/// <summary>Says what an endpoint requires.</summary>
public static class RequiredAccessExtensions
{
    /// <summary>Requires a scope of an endpoint or a group of them.</summary>
    /// <typeparam name="TBuilder">The builder's type.</typeparam>
    /// <param name="builder">The endpoint or group.</param>
    /// <param name="scope">The scope.</param>
    /// <param name="bodyLimit">Largest body, bytes; <c>null</c>: no limit. Default: 1 MiB.</param>
    public static TBuilder RequireAccess<TBuilder>(this TBuilder builder, AccessScope scope, long? bodyLimit = 1 << 20)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new RequiredAccess(scope, bodyLimit));
}
