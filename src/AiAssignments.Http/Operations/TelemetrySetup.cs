using AiAssignments.Core.Telemetry;
using Microsoft.Extensions.Configuration;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace AiAssignments.Http.Operations;

/// <summary>Sets OpenTelemetry up: metrics for Prometheus always, OTLP for metrics and traces where a collector is named.</summary>
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
    /// Adds it, once. With <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> set, metrics and traces go there too, by the other standard <c>OTEL_*</c> settings (protocol, headers, sampler, intervals).
    /// Traces are also made where <c>APPLICATIONINSIGHTS_CONNECTION_STRING</c> is set, for the exporter that the host adds; without either nothing is traced, and a request costs no span.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">Where the settings are.</param>
    /// <param name="host">Name of this host, for example <c>aia-local</c>; <c>OTEL_SERVICE_NAME</c> goes before it.</param>
    public static IServiceCollection AddTelemetry(this IServiceCollection services, IConfiguration configuration, string host)
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
                traces.AddSource(Instruments.Name).AddAspNetCoreInstrumentation().AddHttpClientInstrumentation();
                if (otlp)
                {
                    traces.AddOtlpExporter();
                }
            });
        }

        return services.AddSingleton<PrometheusScrape>();
    }
}
