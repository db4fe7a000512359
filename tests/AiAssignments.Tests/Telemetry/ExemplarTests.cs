using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AiAssignments.Tests.Telemetry;

/// <summary>From a bar of a histogram to the trace of one request in it.</summary>
[Collection("Instruments")]
public sealed class ExemplarTests
{
    [Fact]
    public async Task OpenMetrics_has_exemplars_that_lead_to_the_trace_and_plain_Prometheus_text_has_none()
    {
        // Somebody takes the traces; what it gets is another test's subject.
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var collector = builder.Build();
        collector.MapPost("/{**path}", () => Results.Ok());
        await collector.StartAsync();
        await using var host = await MeasuredHost.StartAsync(
            new() { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Urls.Single(), ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf" }, null, "topic");

        // The caller's span, which the client sends along.
        using var spans = new SpanRecorder();
        using var test = SpanRecorder.Begin();
        var trace = test.TraceId.ToString();
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/models/topic/predict") { Content = new StringContent("""{"text":"The striker scored"}""", Encoding.UTF8, "application/json") };
        using var answer = await host.Http.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode);

        var (type, text) = await ScrapeAsync(host, "application/openmetrics-text;version=1.0.0");
        Assert.StartsWith("application/openmetrics-text", type, StringComparison.Ordinal);
        var metrics = OpenMetricsReader.Read(text);
        foreach (var family in new[] { "http_request_duration_seconds", "model_inference_duration_seconds", "inference_queue_wait_seconds" })
        {
            Assert.Equal("histogram", metrics.Types[family]);
            var exemplar = Assert.Single(metrics.Samples, sample => sample.Family == family && sample.Exemplar?.Labels.GetValueOrDefault("trace_id") == trace).Exemplar!;
            Assert.Matches("^[0-9a-f]{16}$", exemplar.Labels["span_id"]);
        }

        var (plainType, plain) = await ScrapeAsync(host, "text/plain");
        Assert.StartsWith("text/plain", plainType, StringComparison.Ordinal);
        Assert.DoesNotContain(trace, plain, StringComparison.Ordinal);
        Assert.DoesNotContain(" # {", plain, StringComparison.Ordinal);
    }

    private static async Task<(string Type, string Text)> ScrapeAsync(MeasuredHost host, string accept)
    {
        using var scrape = new HttpRequestMessage(HttpMethod.Get, "metrics");
        scrape.Headers.TryAddWithoutValidation("Accept", accept);
        using var response = await host.Http.SendAsync(scrape);
        Assert.True(response.IsSuccessStatusCode);
        return (response.Content.Headers.ContentType!.ToString(), await response.Content.ReadAsStringAsync());
    }
}
