using System.Text;
using AiAssignments.Azure.Telemetry;
using AiAssignments.Core.Errors;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using static AiAssignments.Tests.Telemetry.Ingestion;

namespace AiAssignments.Tests.Telemetry;

/// <summary>What Application Insights would get, at the wire; and beside an OTLP collector each gets it once.</summary>
[Collection("Instruments")]
public sealed class AzureMonitorTests
{
    [Fact]
    public async Task Requests_and_metrics_go_to_Azure_Monitor_and_to_OTLP_each_once()
    {
        await using var ingestion = await Ingestion.StartAsync();
        await using var collector = await OtlpCollector.StartAsync();
        await using (var host = await MeasuredHost.StartAsync(
            new()
            {
                [AzureMonitorSetup.Setting] = ingestion.ConnectionString,
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Url,
                ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            },
            null,
            "topic"))
        {
            using var ask = new StringContent("""{"text":"The striker scored twice"}""", Encoding.UTF8, "application/json");
            using var answer = await host.Http.PostAsync(new Uri("api/models/topic/predict", UriKind.Relative), ask);
            Assert.True(answer.IsSuccessStatusCode);

            // The server's span ends a moment after its answer has come.
            for (var tries = 0; tries < 50 && !ingestion.Received.Any(item => Kind(item) == "RequestData"); tries++)
            {
                host.Flush();
                await Task.Delay(20);
            }
        }

        var all = ingestion.Received.ToList();
        Assert.True(all.Exists(item => Kind(item) == "RequestData"), string.Join('\n', all.Select(item => $"{Kind(item)} {Data(item)}")));
        Assert.All(all, item => Assert.Equal(Ingestion.Key, item.GetProperty("iKey").GetString()));
        var request = Assert.Single(all, item => Kind(item) == "RequestData" && Data(item).GetProperty("name").GetString()!.Contains("predict", StringComparison.Ordinal));
        var operation = request.GetProperty("tags").GetProperty("ai.operation.id").GetString();
        foreach (var name in new[] { "predict", "tokenize", "queue", "inference", "batch" })
        {
            Assert.Single(all, item => Kind(item) == "RemoteDependencyData" && Data(item).GetProperty("name").GetString() == name && item.GetProperty("tags").GetProperty("ai.operation.id").GetString() == operation);
        }

        var metrics = all.Where(item => Kind(item) == "MetricData").SelectMany(item => Data(item).GetProperty("metrics").EnumerateArray()).Select(metric => metric.GetProperty("name").GetString()).ToList();
        Assert.Contains("http_requests", metrics);
        Assert.Contains("model_inference_duration", metrics);

        var spans = await collector.UntilAsync(spans => spans.Any(span => span.Name == "predict"));
        Assert.Single(spans, span => span.Name == "predict");
        Assert.Single(spans, span => span.Name == "batch");
        Assert.Equal(operation, spans.Single(span => span.Name == "predict").Trace);
        Assert.True(collector.Posts.ContainsKey("v1/metrics"));
    }

    [Theory]
    [InlineData("secret")]
    [InlineData("InstrumentationKey=secret;IngestionEndpoint=https://x.example/")]
    [InlineData("InstrumentationKey=11112222-3333-4444-5555-666677778888;IngestionEndpoint=secret")]
    public void What_is_no_connection_string_is_refused_without_repeating_it(string connection)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new(AzureMonitorSetup.Setting, connection)]).Build();
        var refused = Assert.Throws<ProblemException>(() => new ServiceCollection().AddAzureMonitor(configuration));
        Assert.Equal("option-invalid", refused.Problem.Code);
        Assert.DoesNotContain("secret", refused.Problem.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_the_setting_nothing_is_added() => Assert.Empty(new ServiceCollection().AddAzureMonitor(new ConfigurationBuilder().Build()));
}
