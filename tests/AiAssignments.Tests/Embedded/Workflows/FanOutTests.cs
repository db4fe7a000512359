using System.Globalization;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Workflows;

namespace AiAssignments.Tests.Embedded.Workflows;

public sealed class FanOutTests
{
    private static string[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(i => i.ToString(CultureInfo.InvariantCulture))];

    [Fact]
    public async Task A_thousand_items_keep_to_the_width_and_come_back_in_order()
    {
        var (running, most) = (0, 0);
        List<int> completed = [];
        await using var bench = await EngineBench.OpenAsync(b =>
        {
            b.MaxConcurrentActivities = 8;
            b.Script = async (context, _) => string.Join(',', await context.FanOutAsync<WorkActivity, string, string>(Numbers(1000), 3, completed.Add));
            b.Work = async (input, _) =>
            {
                InterlockedMax(ref most, Interlocked.Increment(ref running));
                await Task.Yield();
                Interlocked.Decrement(ref running);
                return input + "!";
            };
        });

        var state = await bench.RunAsync();

        Assert.Equal(string.Join(',', Numbers(1000).Select(n => n + "!")), state.Output!.Value.GetString());
        Assert.InRange(most, 1, 3);
        Assert.Equal(Enumerable.Range(1, 1000), completed);
    }

    [Fact]
    public async Task The_limit_on_activities_is_over_all_instances()
    {
        var (running, most) = (0, 0);
        await using var bench = await EngineBench.OpenAsync(b =>
        {
            b.MaxConcurrentActivities = 2;
            b.Script = async (context, _) => string.Join(',', await context.FanOutAsync<WorkActivity, string, string>(Numbers(10), 10));
            b.Work = async (input, _) =>
            {
                InterlockedMax(ref most, Interlocked.Increment(ref running));
                await Task.Yield();
                Interlocked.Decrement(ref running);
                return input;
            };
        });

        var states = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => bench.RunAsync($"i{i}")));

        Assert.All(states, state => Assert.Equal(string.Join(',', Numbers(10)), state.Output!.Value.GetString()));
        Assert.InRange(most, 1, 2);
    }

    [Fact]
    public async Task A_fan_out_cut_off_in_the_middle_goes_on_where_it_was()
    {
        var reached = Signals.New();
        var block = true;
        await using var bench = await EngineBench.OpenAsync(b =>
        {
            b.Script = async (context, _) => string.Join(',', await context.FanOutAsync<WorkActivity, string, string>(Numbers(500), 4));
            b.Work = (input, token) =>
            {
                if (block && int.Parse(input, CultureInfo.InvariantCulture) >= 300)
                {
                    reached.TrySetResult();
                    return Signals.Forever(token);
                }

                return Task.FromResult(input);
            };
        });
        await bench.StartAsync();
        await reached.Task;
        await bench.RestartAsync(resume: false);
        var journaled = bench.Query<long>("SELECT count(*) FROM journal WHERE kind = 2").Single();
        var before = bench.Ran.Count;
        block = false;
        await bench.Engine.ResumeAsync(default);
        var state = await bench.WaitAsync();

        Assert.Null(state.Problem);
        Assert.Equal(string.Join(',', Numbers(500)), state.Output!.Value.GetString());
        Assert.Equal(500 - journaled, bench.Ran.Count - before);
        Assert.InRange(journaled, 297, 300);
    }

    [Fact]
    public async Task After_a_failure_no_further_ones_are_started()
    {
        await using var bench = await EngineBench.OpenAsync(b =>
        {
            b.MaxConcurrentActivities = 1;
            b.Script = async (context, _) => string.Join(',', await context.FanOutAsync<WorkActivity, string, string>(Numbers(100), 1));
            b.Work = (input, _) => input == "5" ? throw new ProblemException("dataset-empty", "Nothing is there.", "line 1") : Task.FromResult(input);
        });

        var state = await bench.RunAsync();

        Assert.Equal(WorkflowStatus.Failed, state.Status);
        Assert.Equal(new Problem("dataset-empty", "Nothing is there.", "line 1"), state.Problem);
        Assert.Equal(6, bench.Ran.Count);
    }

    [Fact]
    public async Task No_items_give_no_results()
    {
        await using var bench = await EngineBench.OpenAsync(b =>
            b.Script = async (context, _) => $"{(await context.FanOutAsync<WorkActivity, string, string>([], 3)).Count}");

        Assert.Equal("0", (await bench.RunAsync()).Output!.Value.GetString());
    }

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = Volatile.Read(ref most); seen < value; seen = Volatile.Read(ref most))
        {
            Interlocked.CompareExchange(ref most, value, seen);
        }
    }
}
