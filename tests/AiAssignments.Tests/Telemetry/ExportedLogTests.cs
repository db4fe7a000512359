using System.Text;
using AiAssignments.Azure.Telemetry;
using AiAssignments.Core.Telemetry;
using Microsoft.Extensions.Logging;
using static AiAssignments.Tests.Telemetry.Ingestion;

namespace AiAssignments.Tests.Telemetry;

/// <summary>Log lines at the wire: to Azure Monitor, to an OTLP collector, or to both, each once; the console's stay what they were.</summary>
[Collection("Instruments")]
public sealed class ExportedLogTests
{
    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task A_line_goes_once_to_each_place_that_is_named_with_its_scope_and_trace(bool monitor, bool otlp)
    {
        await using var ingestion = await Ingestion.StartAsync();
        await using var collector = await OtlpCollector.StartAsync();
        var (trace, span) = (string.Empty, string.Empty);
        await using (var host = await StartAsync(monitor ? ingestion : null, otlp ? collector : null))
        {
            using (var activity = Instruments.Source.StartActivity("told"))
            {
                (trace, span) = (activity?.TraceId.ToHexString() ?? string.Empty, activity?.SpanId.ToHexString() ?? string.Empty);
                Assert.Equal(monitor || otlp, activity is not null);
                var own = host.Log("AiAssignments.Http.Problems");
                using (own.BeginScope(new Dictionary<string, object> { ["Shard"] = "seven" }))
                {
                    own.LogError(new InvalidOperationException("the session is broken"), "{Dataset} failed", "news");
                }

                own.LogInformation("{Count} orphans were removed", 3);
                own.LogDebug("own chatter");
                host.Log("Other.Library").LogWarning("other warning");
                host.Log("Other.Library").LogInformation("other chatter");
            }

            host.Flush();
            Assert.Equal(["news failed", "other warning"], host.Console.Lines);
        }

        string[] expected = ["3 orphans were removed", "news failed", "other warning"];
        var lines = collector.Lines.OrderBy(line => line.Body, StringComparer.Ordinal).ToList();
        Assert.Equal(otlp ? expected : [], lines.Select(line => line.Body));
        Assert.All(lines, line => Assert.Equal((trace, span), (line.Trace, line.Span)));
        if (otlp)
        {
            Assert.Equal(("seven", "news", "the session is broken"), (lines[1].Attributes["Shard"], lines[1].Attributes["Dataset"], lines[1].Attributes["exception.message"]));
        }

        var told = ingestion.Received.Where(item => Kind(item) is "MessageData" or "ExceptionData").ToList();
        Assert.Equal(monitor ? 3 : 0, told.Count);
        Assert.All(told, item => Assert.Equal((trace, span), (Tag(item, "ai.operation.id"), Tag(item, "ai.operation.parentId"))));
        if (monitor)
        {
            var failed = Assert.Single(told, item => Kind(item) == "ExceptionData");
            Assert.Contains("the session is broken", failed.GetRawText(), StringComparison.Ordinal);
            Assert.Equal(("seven", "news"), (Property(failed, "Shard"), Property(failed, "Dataset")));
            Assert.Equal(["3 orphans were removed", "other warning"], told.Where(item => Kind(item) == "MessageData").Select(item => Data(item).GetProperty("message").GetString()!).Order(StringComparer.Ordinal));
        }

        string? Property(System.Text.Json.JsonElement item, string name) => Data(item).GetProperty("properties").GetProperty(name).GetString();
    }

    [Theory]
    [InlineData("Logging:LogLevel:Default", "Error", "other error, own error")]
    [InlineData("Logging:LogLevel:AiAssignments", "None", "other error, other warning")]
    [InlineData("Logging:OpenTelemetry:LogLevel:Default", "Error", "other error, own error")]
    [InlineData("Logging:OpenTelemetry:LogLevel:Default", "Information", "other chatter, other error, other warning, own chatter, own error, own warning")]
    public async Task The_settings_levels_count(string setting, string level, string expected)
    {
        await using var collector = await OtlpCollector.StartAsync();
        await using (var host = await StartAsync(null, collector, (setting, level)))
        {
            foreach (var (who, category) in new[] { ("own", "AiAssignments.Pipeline"), ("other", "Other.Library") })
            {
                host.Log(category).LogInformation("{Who} chatter", who);
                host.Log(category).LogWarning("{Who} warning", who);
                host.Log(category).LogError("{Who} error", who);
            }

            host.Flush();
            if (!setting.Contains("OpenTelemetry", StringComparison.Ordinal))
            {
                // What is set for all is the console's too.
                Assert.Equal(expected.Split(", "), Ours(host.Console.Lines));
            }
        }

        Assert.Equal(expected.Split(", "), Ours(collector.Lines.Select(line => line.Body)));

        // At Information the web server tells of itself too.
        static IEnumerable<string> Ours(IEnumerable<string> lines) =>
            lines.Where(line => line.StartsWith("own ", StringComparison.Ordinal) || line.StartsWith("other ", StringComparison.Ordinal)).Order(StringComparer.Ordinal);
    }

    [Fact]
    public async Task Neither_credentials_nor_texts_nor_queries_leave_in_a_line()
    {
        await using var ingestion = await Ingestion.StartAsync();
        await using var collector = await OtlpCollector.StartAsync();
        await using (var host = await StartAsync(ingestion, collector, ("Logging:LogLevel:Default", "Information")))
        {
            // Everything is asked for, and still: a good request, a broken one, and a socket's token in a query.
            using var http = new HttpClient { BaseAddress = host.Address };
            http.DefaultRequestHeaders.TryAddWithoutValidation("X-API-Key", "hush-key");
            foreach (var (path, body) in new[] { ("api/models/topic/predict?access_token=hush-token", """{"text":"hush record"}"""), ("api/models/topic/predict", """{"hush":"hush record"}"""), ("api/nowhere?access_token=hush-token", "hush") })
            {
                using var content = new StringContent(body, Encoding.UTF8, "application/json");
                using var answer = await http.PostAsync(new Uri(path, UriKind.Relative), content);
            }

            host.Flush();
        }

        Assert.NotEmpty(collector.Lines);
        Assert.DoesNotContain(collector.Lines, line => $"{line.Body} {string.Join(' ', line.Attributes.Values)}".Contains("hush", StringComparison.Ordinal));
        Assert.DoesNotContain(ingestion.Received, item => Kind(item) is "MessageData" or "ExceptionData" && item.GetRawText().Contains("hush", StringComparison.Ordinal));
    }

    private static Task<MeasuredHost> StartAsync(Ingestion? ingestion, OtlpCollector? collector, params (string Name, string Value)[] settings)
    {
        var all = settings.ToDictionary(setting => setting.Name, string? (setting) => setting.Value);
        if (ingestion is not null)
        {
            all[AzureMonitorSetup.Setting] = ingestion.ConnectionString;
        }

        if (collector is not null)
        {
            (all["OTEL_EXPORTER_OTLP_ENDPOINT"], all["OTEL_EXPORTER_OTLP_PROTOCOL"]) = (collector.Url, "http/protobuf");
        }

        return MeasuredHost.StartAsync(all, null, "topic");
    }
}
