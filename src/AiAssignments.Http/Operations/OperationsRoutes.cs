using AiAssignments.Http.Routing;
using AiAssignments.Pipeline.Access;
using AiAssignments.Pipeline.Operations;

namespace AiAssignments.Http.Operations;

/// <summary><c>/metrics</c>, <c>/metrics/system</c>, <c>/metrics/application</c>.</summary>
/// <param name="monitor">Where the figures are from.</param>
public sealed class OperationsRoutes(OperationsMonitor monitor) : IGatewayRoutes
{
    private const string Tag = "Operations";

    /// <inheritdoc />
    public IReadOnlyList<GatewayRoute> Routes { get; } =
    [
        new GatewayRoute("GetMetrics", HttpMethods.Get, "metrics", AccessScope.Read, ScrapeAsync)
        {
            Summary = "All metrics as Prometheus text, or OpenMetrics where that is accepted.",
            Tag = Tag,
        },
        new GatewayRoute("GetSystemMetrics", HttpMethods.Get, "metrics/system", AccessScope.Read, context => AnswerAsync(context, monitor.System()))
        {
            Summary = "Processor, memory, disk, network and GPU of machine, container and process: now and over 1, 5 and 15 minutes.",
            Tag = Tag,
            ResponseExample = """{"at":"2026-01-31T12:00:00+00:00","machine":{"seconds":5,"cpuPercent":12.5,"cores":4,"memoryBytes":2147483648,"memoryLimitBytes":17179869184,"peakMemoryBytes":2147483648,"diskReadBytesPerSecond":0,"diskWriteBytesPerSecond":4096,"networkReceiveBytesPerSecond":1200,"networkSendBytesPerSecond":3400},"container":null,"process":{"seconds":5,"cpuPercent":3.1,"cores":4,"memoryBytes":268435456,"memoryLimitBytes":17179869184,"peakMemoryBytes":268435456,"diskReadBytesPerSecond":0,"diskWriteBytesPerSecond":0,"networkReceiveBytesPerSecond":900,"networkSendBytesPerSecond":2800},"managed":{"heapBytes":50331648,"committedBytes":67108864,"pausePercent":0.1,"collections":[12,4,1],"threads":6},"disk":{"freeBytes":107374182400,"totalBytes":214748364800},"gpus":null,"windows":{}}""",
        },
        new GatewayRoute("GetApplicationMetrics", HttpMethods.Get, "metrics/application", AccessScope.Read, context => AnswerAsync(context, monitor.Application()))
        {
            Summary = "Connections, requests per second, response times, error rate, cache hit rate and queue: now and over 1, 5 and 15 minutes.",
            Tag = Tag,
            ResponseExample = """{"at":"2026-01-31T12:00:00+00:00","activeConnections":3,"queueLength":0,"current":{"seconds":4.6,"requests":230,"requestsPerSecond":50,"averageMs":2.1,"p50Ms":1.8,"p95Ms":4.2,"p99Ms":9.7,"errorRate":0,"cacheHitRate":0.4,"peakConnections":6,"peakQueueLength":2},"windows":{}}""",
        },
    ];

    private static async Task<IResult> ScrapeAsync(HttpContext context)
    {
        await context.RequestServices.GetRequiredService<PrometheusScrape>().WriteAsync(context).ConfigureAwait(false);
        return Results.Empty;
    }

    private static Task<IResult> AnswerAsync<T>(HttpContext context, T report)
    {
        context.Response.Headers.CacheControl = "no-store";
        return Task.FromResult(Results.Json(report, OperationsMonitor.Json));
    }
}
