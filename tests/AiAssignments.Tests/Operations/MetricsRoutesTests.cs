using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using AiAssignments.Core.Telemetry;
using AiAssignments.Http.Operations;
using AiAssignments.Pipeline.Operations;
using AiAssignments.Tests.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AiAssignments.Tests.Operations;

/// <summary>The metrics routes of a small host over Kestrel, and what they say of requests to it.</summary>
[Collection("Instruments")]
public sealed class MetricsRoutesTests : IAsyncLifetime
{
    private readonly List<(string Path, byte[] Body)> collected = [];
    private WebApplication collector = null!;
    private WebApplication app = null!;
    private HttpClient http = null!;

    public async Task InitializeAsync()
    {
        collector = Build([]);
        collector.MapPost("/{**path}", async (HttpContext context, string path) =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            lock (collected)
            {
                collected.Add((path, body.ToArray()));
            }
        });
        await collector.StartAsync();

        app = Build(new Dictionary<string, string?>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Urls.Single(),
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        });
        app.UseMiddleware<RequestMetrics>();
        foreach (var route in new OperationsRoutes(app.Services.GetRequiredService<OperationsMonitor>()).Routes)
        {
            app.MapMethods(route.Template, [route.Method], async context => await (await route.Handler(context)).ExecuteAsync(context));
        }

        app.MapGet("/api/things/{id}", (string id) => id == "bad" ? Results.StatusCode(503) : Results.Ok(id));
        app.MapGet("/api/breaks", string () => throw new InvalidOperationException("no"));
        await app.StartAsync();
        http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
    }

    public async Task DisposeAsync()
    {
        http.Dispose();
        await app.DisposeAsync();
        await collector.DisposeAsync();
    }

    [Fact]
    public async Task A_socket_is_counted_and_its_hours_are_no_response_time()
    {
        // Over HTTP/2 a socket is a CONNECT that ends with 200.
        var (recorded, counted) = (0, 0);
        using var listener = new System.Diagnostics.Metrics.MeterListener();
        listener.InstrumentPublished = (instrument, listening) =>
        {
            if (instrument == Instruments.HttpRequestDuration || instrument == Instruments.HttpRequests)
            {
                listening.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<double>((_, _, tags, _) => recorded += IsConnect(tags) ? 1 : 0);
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) => counted += IsConnect(tags) ? 1 : 0);
        listener.Start();
        await new RequestMetrics(_ => Task.CompletedTask).InvokeAsync(new DefaultHttpContext { Request = { Method = "CONNECT" } });
        Assert.Equal((0, 1), (recorded, counted));

        static bool IsConnect(ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            foreach (var tag in tags)
            {
                if (tag is { Key: "method", Value: "CONNECT" })
                {
                    return true;
                }
            }

            return false;
        }
    }

    [Fact]
    public async Task Requests_are_counted_by_route_whatever_callers_send()
    {
        foreach (var path in new[] { "api/things/1", "api/things/2", "api/things/bad", "api/breaks", "no/such/path", "no/such/other" })
        {
            using var response = await http.GetAsync(new Uri(path, UriKind.Relative));
        }

        using var strange = new HttpRequestMessage(new HttpMethod("BREW"), "/api/things/1");
        using var refused = await http.SendAsync(strange);

        var text = await http.GetStringAsync(new Uri("metrics", UriKind.Relative));
        Assert.Contains("http_requests_total{endpoint=\"/api/things/{id}\",method=\"GET\",status=\"200\"} 2", text, StringComparison.Ordinal);
        Assert.Contains("http_requests_total{endpoint=\"/api/things/{id}\",method=\"GET\",status=\"503\"} 1", text, StringComparison.Ordinal);
        Assert.Contains("http_requests_total{endpoint=\"/api/breaks\",method=\"GET\",status=\"500\"} 1", text, StringComparison.Ordinal);
        Assert.Contains("http_requests_total{endpoint=\"other\",method=\"GET\",status=\"404\"} 2", text, StringComparison.Ordinal);
        Assert.Contains("method=\"other\",status=\"405\"} 1", text, StringComparison.Ordinal);
        Assert.Contains("http_request_duration_seconds_bucket{endpoint=\"/api/things/{id}\",method=\"GET\",le=\"0.0005\"}", text, StringComparison.Ordinal);
        Assert.Contains("active_connections{kind=\"http\"} 1", text, StringComparison.Ordinal);
        Assert.Contains("process_resident_memory_bytes", text, StringComparison.Ordinal);
        Assert.DoesNotContain("no/such", text, StringComparison.Ordinal);
        Assert.DoesNotContain("BREW", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_application_figures_are_of_the_requests()
    {
        for (var request = 0; request < 9; request++)
        {
            await http.GetStringAsync(new Uri("api/things/1", UriKind.Relative));
        }

        using var bad = await http.GetAsync(new Uri("api/things/bad", UriKind.Relative));
        var report = await http.GetFromJsonAsync<JsonElement>(new Uri("metrics/application", UriKind.Relative));
        Assert.Equal(1, report.GetProperty("activeConnections").GetInt64());
        foreach (var window in new[] { "1m", "5m", "15m" })
        {
            var figures = report.GetProperty("windows").GetProperty(window);
            Assert.Equal(10, figures.GetProperty("requests").GetInt64());
            Assert.Equal(0.1, figures.GetProperty("errorRate").GetDouble(), 9);
            Assert.InRange(figures.GetProperty("p50Ms").GetDouble(), 0, figures.GetProperty("p99Ms").GetDouble());
        }

        var system = await http.GetFromJsonAsync<JsonElement>(new Uri("metrics/system", UriKind.Relative));
        Assert.True(system.GetProperty("process").GetProperty("memoryBytes").GetInt64() > 0);
        Assert.Equal(3, system.GetProperty("windows").EnumerateObject().Count());
    }

    [Fact]
    public async Task Metrics_and_traces_go_to_a_collector_where_one_is_named()
    {
        await http.GetStringAsync(new Uri("api/things/7", UriKind.Relative));
        await app.StopAsync();
        await app.DisposeAsync();
        lock (collected)
        {
            Assert.Contains(collected, sent => sent.Path == "v1/metrics" && Holds(sent.Body, "http_request_duration"));
            Assert.Contains(collected, sent => sent.Path == "v1/traces" && Holds(sent.Body, "/api/things/{id}"));
            Assert.Contains(collected, sent => sent.Path == "v1/traces" && Holds(sent.Body, "aia-test"));
        }
    }

    [PromtoolFact]
    public async Task Prometheus_linter_has_no_complaint()
    {
        await http.GetStringAsync(new Uri("api/things/1", UriKind.Relative));
        // Every instrument has something to show.
        OperatingDocumentsTests.FillInstruments();
        var text = await http.GetStringAsync(new Uri("metrics", UriKind.Relative));
        Assert.Contains("model_inference_duration_seconds_count{model=\"m\",version=\"1\"} 1", text, StringComparison.Ordinal);

        using var tool = Process.Start(new ProcessStartInfo("promtool", "check metrics") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        await tool.StandardInput.WriteAsync(text);
        tool.StandardInput.Close();
        var said = await tool.StandardOutput.ReadToEndAsync() + await tool.StandardError.ReadToEndAsync();
        await tool.WaitForExitAsync();
        Assert.True(tool.ExitCode == 0 && said.Length == 0, said);
    }

    private static bool Holds(byte[] body, string text) => body.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(text)) >= 0;

    private static WebApplication Build(Dictionary<string, string?> settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(settings);
        if (settings.Count > 0)
        {
            builder.Services.AddSingleton(_ => new OperationsMonitor(Path.GetTempPath())).AddTelemetry(builder.Configuration, "aia-test");
        }

        return builder.Build();
    }
}
