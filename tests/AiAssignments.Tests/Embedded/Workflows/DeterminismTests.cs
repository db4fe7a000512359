using AiAssignments.Embedded.Workflows;

namespace AiAssignments.Tests.Embedded.Workflows;

public sealed class DeterminismTests
{
    [Fact]
    public async Task Another_activity_at_a_journaled_step_is_named()
    {
        await using var bench = await InterruptedAsync();
        bench.Script = async (context, _) => await context.CallActivityAsync<OtherActivity, string, string>("first");
        await bench.RestartAsync();

        var state = await bench.WaitAsync();

        Assert.Equal("workflow-nondeterministic", state.Problem!.Code);
        Assert.Contains("activity Work", state.Problem.Message, StringComparison.Ordinal);
        Assert.Contains("activity Other", state.Problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_input_at_a_journaled_step_is_found_even_when_the_workflow_catches_it()
    {
        await using var bench = await InterruptedAsync();
        bench.Script = async (context, _) =>
        {
            try
            {
                return await context.CallActivityAsync<WorkActivity, string, string>("changed");
            }
            catch (Exception)
            {
                return "swallowed";
            }
        };
        await bench.RestartAsync();

        Assert.Equal("workflow-nondeterministic", (await bench.WaitAsync()).Problem!.Code);
    }

    [Fact]
    public async Task A_workflow_that_ends_before_its_journal_is_found()
    {
        await using var bench = await InterruptedAsync();
        bench.Script = (_, _) => Task.FromResult("short");
        await bench.RestartAsync();

        var state = await bench.WaitAsync();

        Assert.Equal("workflow-nondeterministic", state.Problem!.Code);
        Assert.Contains("activity Work", state.Problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mended_code_goes_on_with_the_results_that_were_kept()
    {
        await using var bench = await InterruptedAsync();
        var good = bench.Script;
        bench.Script = (_, _) => Task.FromResult("short");
        await bench.RestartAsync();
        await bench.WaitAsync();
        bench.Script = good;
        bench.Work = (input, _) => Task.FromResult(input);
        var before = bench.Ran.Count;

        var state = await bench.RunAsync();

        Assert.Equal("firstsecond", state.Output!.Value.GetString());
        Assert.Equal(["second"], bench.Ran.Skip(before));
    }

    [Fact]
    public async Task Awaiting_what_is_not_the_contexts_fails_the_workflow()
    {
        await using var bench = await EngineBench.OpenAsync(b => b.Script = async (_, input) =>
        {
            await Task.Delay(5);
            return input;
        });

        Assert.Equal("workflow-nondeterministic", (await bench.RunAsync()).Problem!.Code);
    }

    [Fact]
    public async Task Calling_the_context_from_another_thread_fails_the_workflow()
    {
        await using var bench = await EngineBench.OpenAsync(b =>
        {
            b.Script = async (context, _) =>
            {
                var slow = context.DelayAsync(TimeSpan.FromHours(1));
                await Task.WhenAny(slow, Task.Run(() => { }));
                return await context.CallActivityAsync<WorkActivity, string, string>("x");
            };
        });

        Assert.Equal("workflow-nondeterministic", (await bench.RunAsync()).Problem!.Code);
        Assert.Empty(bench.Ran);
    }

    // The example of RFC 9562, appendix A.4.
    [Fact]
    public void Guids_are_of_version_5() => Assert.Equal(
        new Guid("2ed6657d-e927-568b-95e1-2665a8aea6a2"),
        DeterministicGuid.Create(new Guid("6ba7b810-9dad-11d1-80b4-00c04fd430c8"), "www.example.com"));

    // A workflow that has one journaled result and was stopped in its second activity.
    private static async Task<EngineBench> InterruptedAsync()
    {
        var reached = Signals.New();
        var bench = await EngineBench.OpenAsync(b =>
        {
            b.Script = async (context, _) =>
                await context.CallActivityAsync<WorkActivity, string, string>("first") + await context.CallActivityAsync<WorkActivity, string, string>("second");
            b.Work = (input, token) =>
            {
                if (input == "second")
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
        return bench;
    }
}
