using AiAssignments.Core.Telemetry;
using Microsoft.Extensions.Configuration;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace AiAssignments.Http.Operations;

/// <summary>Sets OpenTelemetry up: metrics for Prometheus always, OTLP for metrics, traces and log lines where a collector is named.</summary>
public static class TelemetrySetup
{
    // Gauges whose names end as a histogram's count would; Prometheus' linter refuses those.
    private static readonly (string Instrument, string Name)[] Renamed =
    [
        ("dotnet.assembly.count", "dotnet.assemblies"),
        ("dotnet.process.cpu.count", "dotnet.process.cpus"),
        ("dotnet.timer.count", "dotnet.timers"),
    ];

    /// <summary>
    /// Adds it, once. With <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> set, metrics, traces and log lines go there too, by the other standard <c>OTEL_*</c> settings (protocol, headers, sampler, intervals).
    /// Traces and log lines are also made for <c>APPLICATIONINSIGHTS_CONNECTION_STRING</c>, where it is set, and the exporter that the host adds; without either nothing is traced, and a request costs no span.
    /// Which log lines leave: see <see cref="ExportedLog"/>.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">Where the settings are.</param>
    /// <param name="host">Name of this host, for example <c>aia-local</c>; <c>OTEL_SERVICE_NAME</c> goes before it.</param>
    /// <param name="requests">Whether this process makes the span of a request that it gets. Not where the process that hands it on has made one: each request would count twice. Default: it does.</param>
    public static IServiceCollection AddTelemetry(this IServiceCollection services, IConfiguration configuration, string host, bool requests = true)
    {
        if (services.Any(service => service.ServiceType == typeof(PrometheusScrape)))
        {
            return services;
        }

        var otlp = configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is { Length: > 0 };
        var telemetry = services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(configuration["OTEL_SERVICE_NAME"] is { Length: > 0 } name ? name : host))
            .WithMetrics(metrics =>
            {
                metrics.AddMeter(Instruments.Name).AddRuntimeInstrumentation().SetExemplarFilter(ExemplarFilterType.TraceBased);
                foreach (var (instrument, name) in Renamed)
                {
                    metrics.AddView(instrument, name);
                }

                metrics.AddPrometheusExporter(prometheus => prometheus.ScopeInfoEnabled = false);
                if (otlp)
                {
                    metrics.AddOtlpExporter();
                }
            });
        if (otlp || configuration["APPLICATIONINSIGHTS_CONNECTION_STRING"] is { Length: > 0 })
        {
            telemetry.WithTracing(traces =>
            {
                traces.AddSource(Instruments.Name).AddHttpClientInstrumentation();
                if (requests)
                {
                    traces.AddAspNetCoreInstrumentation();
                }

                if (otlp)
                {
                    traces.AddOtlpExporter();
                }
            });
            telemetry.WithLogging(
                logs =>
                {
                    if (otlp)
                    {
                        logs.AddOtlpExporter();
                    }
                },
                ExportedLog.Shape);
            services.Configure<LoggerFilterOptions>(filters => ExportedLog.Filter(filters, configuration));
        }

        return services.AddSingleton<PrometheusScrape>();
    }
}
