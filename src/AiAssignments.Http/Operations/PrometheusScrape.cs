namespace AiAssignments.Http.Operations;

/// <summary>The exporter's text exposition as something that a route can call, in hosts with middleware and in those without.</summary>
/// <param name="services">Where the exporter is.</param>
internal sealed class PrometheusScrape(IServiceProvider services)
{
    private readonly RequestDelegate scrape = new ApplicationBuilder(services).UseOpenTelemetryPrometheusScrapingEndpoint(static _ => true).Build();

    /// <summary>Writes the exposition: Prometheus text 0.0.4, or OpenMetrics where the caller accepts it.</summary>
    public Task WriteAsync(HttpContext context) => scrape(context);
}
