using AiAssignments.Core.Workflows;

namespace AiAssignments.Tests.Embedded.Workflows;

public sealed class ReplayTests
{
    [Fact]
    public async Task Journaled_results_are_returned_and_not_run_again()
    {
        var third = Signals.New();
        await using var bench = await EngineBench.OpenAsync(b =>
        {
            b.Script = async (context, _) =>
            {
                var text = string.Empty;
                for (var i = 0; i < 4; i++)
                {
                    text = await context.CallActivityAsync<WorkActivity, string, string>($"{text}{i}");
                }

                return text;
            };
            b.Work = async (input, token) =>
            {
                if (input == "012")
                {
                    third.TrySetResult();
                    await Signals.Forever(token);
                }

                return input;
            };
        });
        await bench.StartAsync();
        await third.Task;
        await bench.Engine.DisposeAsync();

        bench.Work = (input, _) => Task.FromResult(input);
        await bench.RestartAsync();
        var state = await bench.WaitAsync();

        Assert.Equal(WorkflowStatus.Completed, state.Status);
        Assert.Equal("0123", state.Output!.Value.GetString());
        Assert.Equal(["0", "01", "012", "012", "0123"], bench.Ran);
    }

    [Fact]
    public async Task Time_and_guids_are_the_same_in_every_replay()
    {
        List<string> seen = [];
        var block = true;
        var reached = Signals.New();
        await using var bench = await EngineBench.OpenAsync(b =>
        {
            b.Script = async (context, _) =>
            {
                var facts = $"{context.CurrentUtcTime:O} {context.NewGuid()} {context.NewGuid()}";
                await context.CallActivityAsync<WorkActivity, string, string>("a");
                facts += $" {context.CurrentUtcTime:O} {context.NewGuid()}";
                lock (seen)
                {
                    seen.Add(facts);
                }

                await context.CallActivityAsync<WorkActivity, string, string>("b");
                return facts;
            };
            b.Work = (input, token) =>
            {
                if (block && input == "b")
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
        block = false;
        await bench.Engine.ResumeAsync(default);
        var state = await bench.WaitAsync();

        Assert.Equal(2, seen.Count);
        Assert.Equal(seen[0], seen[1]);
        Assert.Equal(seen[0], state.Output!.Value.GetString());
        Assert.Equal(3, seen[0].Split(' ').Where(part => Guid.TryParse(part, out _)).Distinct().Count());
    }

    [Fact]
    public async Task Replaying_is_true_until_the_last_journaled_result_is_handed_over()
    {
        List<bool> replaying = [];
        var block = true;
        var reached = Signals.New();
        await using var bench = await EngineBench.OpenAsync(b =>
        {
            b.Script = async (context, _) =>
            {
                replaying.Add(context.IsReplaying);
                await context.CallActivityAsync<WorkActivity, string, string>("a");
                replaying.Add(context.IsReplaying);
                await context.CallActivityAsync<WorkActivity, string, string>("b");
                replaying.Add(context.IsReplaying);
                await context.CallActivityAsync<WorkActivity, string, string>("c");
                return "done";
            };
            b.Work = (input, token) =>
            {
                if (block && input == "c")
                {
                    reached.TrySetResult();
                    return Signals.Forever(token);
                }

                return Task.FromResult(input);
            };
        });
        await bench.StartAsync();
        await reached.Task;
        block = false;
        await bench.RestartAsync();
        await bench.WaitAsync();

        Assert.Equal([false, false, false, true, true, false], replaying);
    }

    [Fact]
    public async Task Code_with_ConfigureAwait_false_stays_in_its_turns()
    {
        await using var bench = await EngineBench.OpenAsync(b => b.Script = async (context, _) =>
        {
            var parts = await Task.WhenAll(Enumerable.Range(0, 20).Select(async i =>
            {
                var first = await context.CallActivityAsync<WorkActivity, string, string>($"{i}").ConfigureAwait(false);
                return await context.CallActivityAsync<OtherActivity, string, string>($"{first}'").ConfigureAwait(false);
            })).ConfigureAwait(false);
            await context.DelayAsync(TimeSpan.Zero).ConfigureAwait(false);
            return string.Join(',', parts);
        });

        var state = await bench.RunAsync();

        Assert.Equal(string.Join(',', Enumerable.Range(0, 20).Select(i => $"{i}'")), state.Output!.Value.GetString());
    }

    [Fact]
    public async Task An_id_is_run_once()
    {
        await using var bench = await EngineBench.OpenAsync(b => b.Script = (context, input) => context.CallActivityAsync<WorkActivity, string, string>(input));

        Assert.True(await bench.StartAsync());
        await bench.WaitAsync();
        Assert.False(await bench.StartAsync());
        await bench.RestartAsync();
        Assert.False(await bench.StartAsync());

        Assert.Single(bench.Ran);
        Assert.Equal("in", (await bench.WaitAsync()).Output!.Value.GetString());
    }

    [Fact]
    public async Task The_journal_holds_hashes_of_inputs_and_results_only()
    {
        var large = new string('x', 10_000);
        await using var bench = await EngineBench.OpenAsync(b =>
        {
            b.Script = async (context, _) => (await context.FanOutAsync<WorkActivity, string, string>([.. Enumerable.Range(0, 50).Select(i => large + i)], 4)).Count.ToString(System.Globalization.CultureInfo.InvariantCulture);
            b.Work = (_, _) => Task.FromResult("ok");
        });

        await bench.RunAsync();

        Assert.Equal(50, bench.Query<long>("SELECT count(*) FROM journal WHERE kind = 1").Single());
        Assert.True(bench.Query<long>("SELECT sum(length(payload)) + sum(length(hash)) FROM journal").Single() < 50 * 30);
    }
}
