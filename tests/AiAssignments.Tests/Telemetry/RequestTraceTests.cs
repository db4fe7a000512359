using System.Diagnostics;
using AiAssignments.Core.Datasets;
using AiAssignments.Inference.Serving;
using AiAssignments.Tests.Serving.Support;

namespace AiAssignments.Tests.Telemetry;

/// <summary>From a request through queue and batch into the session.</summary>
public sealed class RequestTraceTests : IAsyncLifetime
{
    private readonly SpanRecorder spans = new();
    private readonly FakeModels models = new();
    private ModelServer server = null!;

    public Task InitializeAsync()
    {
        server = new ModelServer(models, ModelServerOptions.Default with { Lanes = 1, WarmUp = false }, models);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        foreach (var runner in models.Runners.Values)
        {
            runner.Open();
        }

        await server.DisposeAsync();
        models.Dispose();
        spans.Dispose();
    }

    [Fact]
    public async Task Requests_that_share_a_batch_have_their_own_spans_and_the_batch_links_to_all()
    {
        var runner = models.Add("topic", "1");
        runner.Close();
        var first = AskAsync("5");
        await runner.EnteredAsync();
        var others = new[] { AskAsync("6"), AskAsync("7") };
        while ((await server.FindAsync("topic", null, CancellationToken.None))!.QueuedRows < 2)
        {
            await Task.Delay(2);
        }

        runner.Open();
        var traces = await Task.WhenAll([first, .. others]);
        foreach (var (trace, root) in traces)
        {
            var all = spans.Of(trace);
            var predict = Assert.Single(all, span => span.OperationName == "predict");
            Assert.Equal(root, predict.ParentSpanId);
            Assert.Equal(("topic", "1", 1), (predict.GetTagItem("model"), predict.GetTagItem("version"), predict.GetTagItem("records")));
            var (tokenize, queue, inference) = (Below("tokenize"), Below("queue"), Below("inference"));
            Assert.True(tokenize.StartTimeUtc <= queue.StartTimeUtc && queue.StartTimeUtc <= inference.StartTimeUtc);
            Assert.Equal(1, inference.GetTagItem("rows"));
            var linked = Assert.Single(inference.Links).Context.SpanId;
            var batch = Assert.Single(spans.Named("batch"), span => span.SpanId == linked);
            Assert.Contains(batch.Links, link => link.Context.SpanId == predict.SpanId);

            Activity Below(string name)
            {
                var span = Assert.Single(all, span => span.OperationName == name);
                Assert.Equal(predict.SpanId, span.ParentSpanId);
                return span;
            }
        }

        var shared = spans.Named("batch").Single(span => span.Links.Any(link => link.Context.TraceId == traces[1].Trace));
        Assert.Equal(new[] { traces[1].Trace, traces[2].Trace }.ToHashSet(), shared.Links.Select(link => link.Context.TraceId).ToHashSet());
        Assert.Equal((2, "topic"), (shared.GetTagItem("rows"), shared.GetTagItem("model")));
    }

    [Fact]
    public async Task A_batch_that_fails_says_so()
    {
        models.Add("odd", "1");
        await Assert.ThrowsAsync<AiAssignments.Core.Errors.ProblemException>(() => AskAsync($"{FakeRunner.Poison}", "odd"));
        var failed = Assert.Single(spans.Named("batch"), span => (string?)span.GetTagItem("model") == "odd");
        Assert.Equal((ActivityStatusCode.Error, "inference-failed"), (failed.Status, failed.StatusDescription));
    }

    private async Task<(ActivityTraceId Trace, ActivitySpanId Root)> AskAsync(string text, string model = "topic")
    {
        using var test = SpanRecorder.Begin();
        await server.PredictAsync(model, null, [new TextRecord(new RecordPosition(0, 0), text, null, null, [])], new ServeOptions(), CancellationToken.None);
        return (test.TraceId, test.SpanId);
    }
}
