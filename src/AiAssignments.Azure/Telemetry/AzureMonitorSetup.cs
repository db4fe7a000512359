using AiAssignments.Core.Errors;
using Azure.Core;
using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Trace;

namespace AiAssignments.Azure.Telemetry;

/// <summary>Sends metrics, traces and log lines to Azure Monitor (Application Insights), beside whatever else they go to.</summary>
public static class AzureMonitorSetup
{
    /// <summary>The setting that holds the connection string; also what Azure's hosts set by themselves.</summary>
    public const string Setting = "APPLICATIONINSIGHTS_CONNECTION_STRING";

    /// <summary>Adds the exporters, once, where <see cref="Setting"/> is there. What is measured, traced and told is set up elsewhere.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">Where the setting is.</param>
    /// <param name="credential">Who sends; <c>null</c>, the default: whom <see cref="AzureMonitorIdentity.Setting"/> names and, without that, whoever has the connection string.</param>
    /// <exception cref="ProblemException"><c>option-invalid</c>: it is no connection string, or the identity is none. Their text is not repeated: it holds a key.</exception>
    public static IServiceCollection AddAzureMonitor(this IServiceCollection services, IConfiguration configuration, TokenCredential? credential = null)
    {
        if (configuration[Setting] is not { Length: > 0 } connection || services.Any(service => service.ServiceType == typeof(Added)))
        {
            return services;
        }

        Check(connection);
        credential ??= AzureMonitorIdentity.Read(configuration);
        var sampled = configuration["OTEL_TRACES_SAMPLER"] is { Length: > 0 };
        services.AddSingleton<Added>();
        services.AddOpenTelemetry()
            .WithMetrics(metrics => metrics.AddAzureMonitorMetricExporter(exporter =>
            {
                exporter.ConnectionString = connection;
                exporter.Credential = credential;
            }))
            .WithLogging(logs => logs.AddAzureMonitorLogExporter(exporter =>
            {
                exporter.ConnectionString = connection;
                exporter.Credential = credential;

                // A failure is told whether or not the request that it befell was picked for its trace.
                exporter.EnableTraceBasedLogsSampler = false;
            }))
            .WithTracing(traces =>
            {
                traces.AddAzureMonitorTraceExporter(exporter =>
                {
                    exporter.ConnectionString = connection;
                    exporter.Credential = credential;
                    if (!sampled)
                    {
                        exporter.TracesPerSecond = null;
                        exporter.SamplingRatio = 1;
                    }
                });
                if (!sampled)
                {
                    // The package's own default keeps five traces a second, of what goes elsewhere too. Whoever wants fewer than all says so by the standard setting.
                    traces.SetSampler(new ParentBasedSampler(new AlwaysOnSampler()));
                }
            });
        return services;
    }

    private static void Check(string connection)
    {
        string? key = null;
        foreach (var part in connection.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var (name, value) = part.Split('=', 2, StringSplitOptions.TrimEntries) is [var left, var right] ? (left, right) : (part, string.Empty);
            key = name.Equals("InstrumentationKey", StringComparison.OrdinalIgnoreCase) ? value : key;
            if (name.EndsWith("Endpoint", StringComparison.OrdinalIgnoreCase) && !(Uri.TryCreate(value, UriKind.Absolute, out var endpoint) && endpoint.Scheme is "https" or "http"))
            {
                throw Invalid($"its {name} must be an address that begins with https://");
            }
        }

        if (!Guid.TryParse(key, out _))
        {
            throw Invalid("it must hold InstrumentationKey= and a key like 00000000-0000-0000-0000-000000000000");
        }
    }

    private static ProblemException Invalid(string why) => new("option-invalid", $"{Setting} is no connection string of Application Insights: {why}. Copy it from the resource's overview.");

    private sealed class Added;
}
