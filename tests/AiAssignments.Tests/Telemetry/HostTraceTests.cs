using System.Text;
using System.Text.Json;
using AiAssignments.Tests.Hosts;
using AiAssignments.Tests.Pipeline;
using AiAssignments.Tests.Support;

namespace AiAssignments.Tests.Telemetry;

/// <summary>The local host as a user starts it, its traces as a collector gets them.</summary>
public sealed class HostTraceTests
{
    private const string Assembly = "AiAssignments.Local.dll";

    [Fact]
    public async Task Traces_lead_from_a_drop_to_its_report_over_a_kill_and_from_a_request_into_its_batch()
    {
        await using var collector = await OtlpCollector.StartAsync();
        using var folder = new TemporaryFolder();
        var data = folder.File("data");
        Directory.CreateDirectory(Path.Combine(data, "datasets"));

        // Where the reports belong stands a file, so however fast the machine is, the kill comes before the end.
        var obstacle = Path.Combine(data, "reports");
        await File.WriteAllTextAsync(obstacle, string.Empty);
        string trace, start;
        await using (var host = Start(data, collector))
        {
            await host.SayAsync("Serving on ");
            var lines = await File.ReadAllLinesAsync(Path.Combine(PipelineFixture.SamplesFolder, "topics.jsonl"));
            await File.WriteAllLinesAsync(folder.File("mine.jsonl"), Enumerable.Repeat(lines, 150).SelectMany(one => one));
            File.Move(folder.File("mine.jsonl"), Path.Combine(data, "datasets", "mine.jsonl"));
            var first = await collector.UntilAsync(spans => spans.Any(span => span.Name == "activity ScoreShard"));
            (trace, start) = first.Where(span => span.Name == "activity ScoreShard").Select(span => (span.Trace, span.Parent)).First();
            await host.KillAsync();
        }

        File.Delete(obstacle);
        await using (var host = Start(data, collector))
        {
            var all = await collector.UntilAsync(spans => spans.Any(span => span.Trace == trace && span.Name == "run EvaluateDataset"));
            var own = all.Where(span => span.Trace == trace).ToList();
            var drop = Assert.Single(own, span => span.Name == "drop");
            Assert.Equal(drop.Id, Assert.Single(own, span => span.Name == "start EvaluateDataset" && span.Id == start).Parent);
            Assert.Equal(string.Empty, drop.Parent);
            Assert.All(own.Where(span => span.Name.StartsWith("activity ", StringComparison.Ordinal)), span => Assert.Equal(start, span.Parent));
            Assert.Single(own, span => span is { Name: "activity WriteReport", Failed: false });
            var planned = await host.SayAsync(" on mine.jsonl: accuracy ");
            Assert.Contains("mine.jsonl", planned, StringComparison.Ordinal);

            using var http = new HttpClient { BaseAddress = new Uri((await host.SayAsync("Serving on ")).Split(["Serving on ", ";"], StringSplitOptions.None)[1]) };
            using var ask = new StringContent("""{"text":"The striker scored twice in the final"}""", Encoding.UTF8, "application/json");
            using var answer = await http.PostAsync(new Uri("/api/models/topic/predict", UriKind.Relative), ask);
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
            var after = await collector.UntilAsync(spans => spans.Any(span => span.Name == "POST api/models/{name}/predict") && spans.Any(span => span.Name == "batch"));
            var request = after.Single(span => span.Name == "POST api/models/{name}/predict");
            var predict = after.Single(span => span.Name == "predict" && span.Trace == request.Trace);
            Assert.Equal(request.Id, predict.Parent);
            foreach (var name in new[] { "tokenize", "queue", "inference" })
            {
                Assert.Equal(predict.Id, after.Single(span => span.Name == name && span.Trace == request.Trace).Parent);
            }

            var batch = after.Single(span => span.Name == "batch");
            Assert.Contains(predict.Id, batch.Links);
            Assert.Contains(batch.Id, after.Single(span => span.Name == "inference" && span.Trace == request.Trace).Links);

            var shards = own.Where(span => span.Name == "activity ScoreShard" && span.Attributes.ContainsKey("shard")).Select(span => span.Attributes["shard"]).Distinct().Count();
            var evaluation = JsonDocument.Parse(await http.GetStringAsync(new Uri($"/api/evaluations/{own.First(span => span.Id == start).Attributes["workflow.instance"]}", UriKind.Relative))).RootElement;
            Assert.InRange(shards, 1, evaluation.GetProperty("progress").GetProperty("shards").GetInt32());
        }
    }

    // By its settings on the command line; sent often, so that little is lost by the kill.
    private static HostProcess Start(string data, OtlpCollector collector) => HostProcess.Start(
        Assembly, "--data", data, "--urls", "http://127.0.0.1:0", "--samples", "false",
        "--OTEL_EXPORTER_OTLP_ENDPOINT", collector.Url, "--OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf", "--OTEL_BSP_SCHEDULE_DELAY", "50");
}
