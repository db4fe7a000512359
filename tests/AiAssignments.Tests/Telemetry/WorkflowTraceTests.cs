using System.Diagnostics;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Workflows;
using AiAssignments.Tests.Embedded.Workflows;
using Microsoft.Data.Sqlite;

namespace AiAssignments.Tests.Telemetry;

/// <summary>One trace from whoever asks for a workflow to its end, over restarts.</summary>
public sealed class WorkflowTraceTests : IDisposable
{
    private readonly SpanRecorder spans = new();

    [Fact]
    public async Task Activities_stand_below_the_acceptance_and_a_restart_goes_on_with_the_trace()
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var restarted = false;
        await using var bench = await EngineBench.OpenAsync(b =>
        {
            b.Script = async (context, input) =>
            {
                await context.CallActivityAsync<WorkActivity, string, string>("before");
                var parts = await context.FanOutAsync<WorkActivity, string, string>(["p", "q"], 2);
                return string.Join('+', parts);
            };
            b.Work = async (input, token) =>
            {
                if (input == "p" && !Volatile.Read(ref restarted))
                {
                    reached.TrySetResult();
                    await Task.Delay(Timeout.Infinite, token);
                }

                return input;
            };
        });
        ActivityTraceId trace;
        ActivitySpanId root;
        using (var test = SpanRecorder.Begin())
        {
            (trace, root) = (test.TraceId, test.SpanId);
            await bench.StartAsync();
        }

        await reached.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Volatile.Write(ref restarted, true);
        await bench.RestartAsync();
        Assert.Equal("p+q", (await bench.WaitAsync()).Output!.Value.GetString());

        // The last span ends with the instance's last write, before anyone is told.
        var all = spans.Of(trace);
        var start = Assert.Single(all, span => span.OperationName == "start Scripted");
        Assert.Equal(root, start.ParentSpanId);
        var activities = all.Where(span => span.OperationName == "activity Work").ToList();
        Assert.Equal(bench.Ran.Count, activities.Count);
        Assert.All(activities, span => Assert.Equal(start.SpanId, span.ParentSpanId));
        var run = Assert.Single(all, span => span.OperationName == "run Scripted");
        Assert.Equal((start.SpanId, "completed"), (run.ParentSpanId, run.GetTagItem("workflow.status")));
        Assert.True(run.Duration >= activities.Max(span => span.Duration));
    }

    [Fact]
    public async Task Failed_tries_say_why_and_a_sub_workflow_is_of_the_same_trace()
    {
        var tries = 0;
        await using var bench = await EngineBench.OpenAsync(b =>
        {
            b.Script = async (context, input) =>
            {
                await context.CallActivityAsync<WorkActivity, string, string>("work", new RetryPolicy(2, TimeSpan.FromMilliseconds(1), 1, TimeSpan.FromMilliseconds(1)));
                return await context.CallWorkflowAsync<InnerWorkflow, string, string>("inner");
            };
            b.Inner = (context, input) => context.CallActivityAsync<OtherActivity, string, string>("deep");
            b.Work = (input, _) => Interlocked.Increment(ref tries) == 1 ? throw new InvalidOperationException("once") : Task.FromResult(input);
            b.Other = (_, _) => throw new ProblemException("deep-trouble", "No.");
        });
        ActivityTraceId trace;
        using (var test = SpanRecorder.Begin())
        {
            trace = test.TraceId;
            Assert.Equal(WorkflowStatus.Failed, (await bench.RunAsync()).Status);
        }

        var all = spans.Of(trace);
        var attempts = all.Where(span => span.OperationName == "activity Work").OrderBy(span => (int)span.GetTagItem("workflow.attempt")!).ToList();
        Assert.Equal([(ActivityStatusCode.Error, 1), (ActivityStatusCode.Unset, 2)], attempts.Select(span => (span.Status, (int)span.GetTagItem("workflow.attempt")!)));
        var outer = Assert.Single(all, span => span.OperationName == "start Scripted");
        var inner = Assert.Single(all, span => span.OperationName == "start Inner");
        Assert.Equal(outer.SpanId, inner.ParentSpanId);
        var deep = Assert.Single(all, span => span.OperationName == "activity Other");
        Assert.Equal((inner.SpanId, "deep-trouble"), (deep.ParentSpanId, deep.StatusDescription));
        Assert.Equal("deep-trouble", Assert.Single(all, span => span.OperationName == "run Inner").StatusDescription);
    }

    [Fact]
    public async Task A_journal_of_before_there_were_traces_is_gone_on_with()
    {
        await using var bench = await EngineBench.OpenAsync(static _ => { });
        await bench.Engine.DisposeAsync();
        using (var connection = new SqliteConnection($"Data Source={bench.JournalFile};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = """
                ALTER TABLE instances DROP COLUMN trace;
                INSERT INTO instances (id, workflow, input, status, created_at, started_at, updated_at) VALUES ('old', 'Scripted', '"in"', 1, 638000000000000000, 638000000000000000, 638000000000000000)
                """;
            command.ExecuteNonQuery();
        }

        await bench.RestartAsync();
        Assert.Equal("in", (await bench.WaitAsync("old")).Output!.Value.GetString());
        Assert.Equal(1, bench.Query<long>("SELECT COUNT(*) FROM pragma_table_info('instances') WHERE name = 'trace'").Single());
    }

    public void Dispose() => spans.Dispose();
}
