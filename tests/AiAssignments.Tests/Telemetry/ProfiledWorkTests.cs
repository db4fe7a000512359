using System.Net;
using System.Text;
using System.Text.Json;
using AiAssignments.Core.Evaluations;
using AiAssignments.Embedded;
using AiAssignments.Evaluation.Reports;
using AiAssignments.Pipeline.Access;
using AiAssignments.Pipeline.Evaluations;
using AiAssignments.Tests.Pipeline;
using AiAssignments.Tests.Support;

namespace AiAssignments.Tests.Telemetry;

/// <summary>Memory figures where they are asked for: in reports and in answers.</summary>
[Collection("Instruments")]
public sealed class ProfiledWorkTests
{
    [Fact]
    public async Task An_evaluation_that_is_asked_to_says_what_its_activities_took()
    {
        await using var fixture = await PipelineFixture.OpenAsync();
        var (model, dataset) = (await fixture.ModelAsync("topic"), await fixture.SampleAsync("topics.jsonl"));
        var (id, started) = await fixture.Runtime.Evaluations.StartAsync(model, dataset, EvaluationOptions.Default, profile: true, CancellationToken.None);
        Assert.True(started);
        var job = await fixture.Runtime.Evaluations.WaitAsync(id, CancellationToken.None);
        Assert.True(job.Request.ProfileMemory);

        var result = await fixture.ResultAsync(job.Outcome!);
        Assert.Equal(["PlanEvaluation", "ScoreShard", "WriteReport"], result.Memory!.Select(profile => profile.Subject));
        var shards = result.Memory!.Single(profile => profile.Subject == "ScoreShard");
        Assert.Equal(result.Performance.Throughput.Count, shards.Runs);
        Assert.True(shards.AllocatedBytes > 0 && shards.PeakResidentBytes > 10_000_000 && shards.Samples >= shards.Runs);

        // The numbers are those of the same evaluation without it; asking again measures nothing again.
        Assert.False((await fixture.Runtime.Evaluations.StartAsync(model, dataset, EvaluationOptions.Default, profile: false, CancellationToken.None)).Started);
        var folder = fixture.Runtime.FilePath(job.Outcome!.ReportFolder);
        Assert.Contains("<h2 id=\"memory-title\">Memory by activity</h2>", await File.ReadAllTextAsync(Path.Combine(folder, ReportFiles.Html)), StringComparison.Ordinal);
        Assert.Contains("| ScoreShard |", await File.ReadAllTextAsync(Path.Combine(folder, ReportFiles.Markdown)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_that_is_set_to_measures_every_activity_and_one_that_is_not_none()
    {
        using var spans = new SpanRecorder();
        using var folder = new TemporaryFolder();
        await using (var runtime = await EmbeddedRuntime.OpenAsync(new EmbeddedOptions { DataFolder = folder.File("data"), ProfileMemory = true }, CancellationToken.None))
        {
            await runtime.Models.RegisterAsync(Path.Combine(PipelineFixture.ModelsFolder, "topic"), null, activate: true, CancellationToken.None);
            var drop = await runtime.Drops.AcceptAsync(Path.Combine(PipelineFixture.SamplesFolder, "topics.jsonl"), CancellationToken.None);
            var job = await runtime.Evaluations.WaitAsync(Assert.Single(drop.Evaluations), CancellationToken.None);
            var stream = await runtime.OpenBlobAsync(job.Outcome!.ReportFolder + ReportFiles.Json, CancellationToken.None);
            await using (stream)
            {
                Assert.Equal(3, (await JsonReport.ReadAsync(stream)).Memory!.Count);
            }

            var own = spans.Named("activity ClearWork").Single(span => (string?)span.GetTagItem("workflow.instance") == job.Id);
            Assert.True((long)own.GetTagItem("memory.peak.resident")! > 0);
        }

        await using var fixture = await PipelineFixture.OpenAsync();
        var plain = await fixture.EvaluateAsync(await fixture.ModelAsync("topic"), await fixture.SampleAsync("topics.jsonl"));
        Assert.Null((await fixture.ResultAsync(plain.Outcome!)).Memory);
    }

    [Fact]
    public async Task A_prediction_tells_its_memory_to_who_may_ask_and_goes_past_the_cache()
    {
        await using var host = await MeasuredHost.StartAsync(null, null, "topic");
        Assert.False((await AskAsync(host, string.Empty)).Json.TryGetProperty("memory", out _));
        var (status, profiled) = await AskAsync(host, "?profile=memory");
        Assert.Equal(HttpStatusCode.OK, status);
        var memory = profiled.GetProperty("memory");
        Assert.Equal("predict", memory.GetProperty("subject").GetString());
        Assert.True(memory.GetProperty("allocatedBytes").GetInt64() > 0);
        Assert.Equal(5, memory.GetProperty("generations").GetArrayLength());
        Assert.Equal(0, profiled.GetProperty("cached").GetInt32());
        Assert.Equal(1, (await AskAsync(host, string.Empty)).Json.GetProperty("cached").GetInt32());
        Assert.Equal("option-out-of-range", (await AskAsync(host, "?profile=time")).Json.GetProperty("code").GetString());
    }

    [Fact]
    public async Task Who_may_only_read_gets_no_profile()
    {
        const string Key = "an-administrators-key-of-some-length-0123456789";
        await using var host = await MeasuredHost.StartAsync(null, AccessSettings.Read(name => name == "auth" ? "keys" : null, Key, loopback: true), "topic");
        using var make = new HttpRequestMessage(HttpMethod.Post, "api/keys") { Content = new StringContent("""{"name":"reader","scopes":["read"]}""", Encoding.UTF8, "application/json") };
        make.Headers.Add("X-API-Key", Key);
        using var made = await host.Http.SendAsync(make);
        var reader = JsonDocument.Parse(await made.Content.ReadAsStringAsync()).RootElement.GetProperty("key").GetString()!;
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(host, string.Empty, reader)).Status);
        var (status, refused) = await AskAsync(host, "?profile=memory", reader);
        Assert.Equal((HttpStatusCode.Forbidden, "request-forbidden"), (status, refused.GetProperty("code").GetString()));
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(host, "?profile=memory", Key)).Status);
    }

    private static async Task<(HttpStatusCode Status, JsonElement Json)> AskAsync(MeasuredHost host, string query, string? key = null)
    {
        using var ask = new HttpRequestMessage(HttpMethod.Post, $"api/models/topic/predict{query}") { Content = new StringContent("""{"text":"The striker scored twice"}""", Encoding.UTF8, "application/json") };
        if (key is not null)
        {
            ask.Headers.Add("X-API-Key", key);
        }

        using var answer = await host.Http.SendAsync(ask);
        return (answer.StatusCode, JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement);
    }
}
