using System.Diagnostics;
using AiAssignments.Core.Telemetry;
using AiAssignments.Http.Routing;

namespace AiAssignments.Http.Operations;

/// <summary>
/// Measures every request: count by method, route and status (of a gRPC call that of its trailer, as <see cref="RpcStatus"/> puts it); time by method and route; how many are being answered. Outermost, so that the status is the one that was sent.
/// Labels are bounded whatever callers send: an unknown method, and a path that is no route, are <c>other</c>.
/// </summary>
/// <param name="next">The rest.</param>
public sealed class RequestMetrics(RequestDelegate next)
{
    private const string Other = "other";
    private static readonly KeyValuePair<string, object?> Kind = new("kind", "http");

    /// <summary>Measures one.</summary>
    /// <param name="context">The request.</param>
    public async Task InvokeAsync(HttpContext context)
    {
        // A socket is open for hours and counted by who holds it; its time is no response time.
        var socket = IsSocket(context.Request);
        var start = Stopwatch.GetTimestamp();
        if (!socket)
        {
            Instruments.ActiveConnections.Add(1, Kind);
        }

        var failed = true;
        try
        {
            await next(context).ConfigureAwait(false);
            failed = false;
        }
        finally
        {
            if (!socket)
            {
                Instruments.ActiveConnections.Add(-1, Kind);
            }

            var method = new KeyValuePair<string, object?>("method", MethodOf(context.Request.Method));
            var endpoint = new KeyValuePair<string, object?>("endpoint", EndpointOf(context));
            var status = failed && !context.Response.HasStarted ? StatusCodes.Status500InternalServerError : RpcStatus.Of(context) ?? context.Response.StatusCode;
            if (!socket)
            {
                Instruments.HttpRequestDuration.Record(Stopwatch.GetElapsedTime(start).TotalSeconds, method, endpoint);
            }

            Instruments.HttpRequests.Add(1, method, endpoint, new KeyValuePair<string, object?>("status", status));
        }
    }

    private static bool IsSocket(HttpRequest request) =>
        HttpMethods.IsConnect(request.Method) || string.Equals(request.Headers.Upgrade, "websocket", StringComparison.OrdinalIgnoreCase);

    private static string EndpointOf(HttpContext context)
    {
        var endpoint = context.GetEndpoint();
        var template = endpoint?.Metadata.GetMetadata<GatewayRoute>()?.Template ?? (endpoint as RouteEndpoint)?.RoutePattern.RawText;
        return template is null ? Other : template.StartsWith('/') ? template : $"/{template}";
    }

    private static string MethodOf(string method)
    {
        foreach (var known in (ReadOnlySpan<string>)["GET", "POST", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "CONNECT"])
        {
            if (string.Equals(method, known, StringComparison.OrdinalIgnoreCase))
            {
                return known;
            }
        }

        return Other;
    }
}
