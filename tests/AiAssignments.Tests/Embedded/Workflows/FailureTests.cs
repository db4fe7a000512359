using AiAssignments.Core.Errors;
using AiAssignments.Core.Workflows;
using Microsoft.Extensions.Time.Testing;

namespace AiAssignments.Tests.Embedded.Workflows;

public sealed class FailureTests
{
    private static readonly RetryPolicy Quick = new(3, TimeSpan.FromTicks(1), 1, TimeSpan.FromTicks(1), ["storage-locked"]);

    [Fact]
    public async Task Tries_wait_by_the_policy_and_are_journaled()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(50));
        List<TimeSpan> tries = [];
        var start = time.GetUtcNow();
        await using var bench = await EngineBench.OpenAsync(b =>
        {
            b.Time = time;
            b.Script = (context, _) => context.CallActivityAsync<WorkActivity, string, string>("x", new RetryPolicy(4, TimeSpan.FromSeconds(10), 3, TimeSpan.FromSeconds(60)));
            b.Work = (_, _) =>
            {
                tries.Add(time.GetUtcNow() - start);
                return tries.Count < 4 ? throw new InvalidOperationException("not yet") : Task.FromResult("done");
            };
        });
        await bench.StartAsync();
        await Signals.UntilAsync(() => tries.Count == 1 && Attempts(bench) == 1);

        // The host is away while the second try comes due; the count of tries and the due time are in the journal.
        await bench.RestartAsync();
        var waiting = bench.WaitAsync();
        for (var i = 0; !waiting.IsCompleted; i++)
        {
            Assert.True(i < 10_000);
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(1);
        }

        Assert.Equal("done", (await waiting).Output!.Value.GetString());
        Assert.Equal(4, tries.Count);
        Assert.True(tries[1] - tries[0] >= TimeSpan.FromSeconds(10));
        Assert.True(tries[2] - tries[1] >= TimeSpan.FromSeconds(30));
        Assert.True(tries[3] - tries[2] >= TimeSpan.FromSeconds(60));
        Assert.Equal(3, Attempts(bench));
    }

    [Theory]
    [InlineData("storage-locked", 3)]
    [InlineData("model-unreadable", 1)]
    public async Task A_problem_is_final_unless_the_policy_names_it(string code, int tries)
    {
        await using var bench = await EngineBench.OpenAsync(b =>
        {
            b.Script = (context, _) => context.CallActivityAsync<WorkActivity, string, string>("x", Quick);
            b.Work = (_, _) => throw new ProblemException(code, "What is wrong.");
        });

        var state = await bench.RunAsync();

        Assert.Equal(code, state.Problem!.Code);
        Assert.Equal(tries, bench.Ran.Count);
    }

    [Fact]
    public async Task An_unexpected_exception_is_told_without_its_stack()
    {
        await using var bench = await EngineBench.OpenAsync(b =>
        {
            b.Script = (context, _) => context.CallActivityAsync<WorkActivity, string, string>("x", Quick);
            b.Work = (_, _) => throw new FormatException("bad digit");
        });

        var state = await bench.RunAsync();

        Assert.Equal(new Problem("internal-error", "FormatException: bad digit"), state.Problem);
    }

    [Fact]
    public async Task A_failed_instance_that_is_started_again_keeps_its_results_wherever_it_failed()
    {
        var broken = true;
        await using var bench = await EngineBench.OpenAsync(b =>
        {
            b.Script = async (context, _) =>
            {
                var a = await context.CallActivityAsync<WorkActivity, string, string>("a");
                try
                {
                    var x = await context.CallActivityAsync<WorkActivity, string, string>("breaks", Quick);
                    return $"{a} {x} {await context.CallActivityAsync<WorkActivity, string, string>("last")}";
                }
                catch (ActivityFailedException)
                {
                    // Asked for because of the failure: on another try, the workflow takes another way from here.
                    await context.CallActivityAsync<OtherActivity, string, string>("clean up");
                    throw;
                }
            };
            b.Work = (input, _) => broken && input == "breaks" ? throw new ProblemException("not-now", "Later.") : Task.FromResult(input);
        });

        var failed = await bench.RunAsync();
        broken = false;
        var resumed = await bench.StartAsync();
        var state = await bench.WaitAsync();

        Assert.Equal(WorkflowStatus.Failed, failed.Status);
        Assert.True(resumed);
        Assert.Equal("a breaks last", state.Output!.Value.GetString());
        Assert.Equal(["a", "breaks", "clean up", "breaks", "last"], bench.Ran);
    }

    [Fact]
    public async Task Results_are_kept_over_several_failures_and_restarts()
    {
        var allowed = 0;
        await using var bench = await EngineBench.OpenAsync(b =>
        {
            b.Script = async (context, _) => string.Concat(await context.FanOutAsync<WorkActivity, string, string>(["0", "1", "2", "3", "4", "5"], 1));
            b.Work = (input, _) => string.CompareOrdinal(input, $"{allowed}") > 0 ? throw new ProblemException("not-now", "Later.") : Task.FromResult(input);
        });

        while (await bench.RunAsync() is { Status: WorkflowStatus.Failed } failed)
        {
            Assert.Equal("not-now", failed.Problem!.Code);
            allowed++;
            await bench.RestartAsync();
        }

        Assert.Equal("012345", (await bench.WaitAsync()).Output!.Value.GetString());
        Assert.Equal(["0", "1", "1", "2", "2", "3", "3", "4", "4", "5", "5"], bench.Ran);
    }

    [Fact]
    public async Task A_result_too_large_for_the_journal_is_refused()
    {
        await using var bench = await EngineBench.OpenAsync(b =>
        {
            b.Script = (context, _) => context.CallActivityAsync<WorkActivity, string, string>("x", Quick);
            b.Work = (_, _) => Task.FromResult(new string('x', 2_000_000));
        });

        Assert.Equal("workflow-payload-too-large", (await bench.RunAsync()).Problem!.Code);
    }

    private static long Attempts(EngineBench bench) => bench.Query<long>("SELECT count(*) FROM journal WHERE kind = 4").Single();
}
