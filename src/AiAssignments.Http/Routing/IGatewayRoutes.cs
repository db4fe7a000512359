namespace AiAssignments.Http.Routing;

/// <summary>The routes of one subject.</summary>
public interface IGatewayRoutes
{
    /// <summary>The routes; the same at every call.</summary>
    IReadOnlyList<GatewayRoute> Routes { get; }
}
