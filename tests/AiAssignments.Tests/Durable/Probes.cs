using AiAssignments.Core.Errors;
using AiAssignments.Core.Workflows;

namespace AiAssignments.Tests.Durable;

/// <summary>An activity that does what the test says.</summary>
public sealed class ProbeActivity(Func<int, Task<int>> work) : IActivity<int, int>
{
    public Task<int> RunAsync(int input, CancellationToken cancellationToken) => work(input);
}

/// <summary>Sums squares over a fan-out.</summary>
public sealed class WideWorkflow : IWorkflow<WideInput, long>
{
    public async Task<long> RunAsync(IWorkflowContext context, WideInput input)
    {
        var squares = await context.FanOutAsync<ProbeActivity, int, int>([.. Enumerable.Range(0, input.Count)], input.Width, done => context.SetCustomStatus(new { done }));
        return squares.Sum(square => (long)square);
    }
}

public sealed record WideInput(int Count, int Width);

/// <summary>One of each that a context offers, in an order that depends on nothing but the history.</summary>
public sealed class MixedWorkflow : IWorkflow<int, string>
{
    public async Task<string> RunAsync(IWorkflowContext context, int input)
    {
        var began = context.CurrentUtcTime;
        var guid = context.NewGuid();
        await context.DelayAsync(TimeSpan.FromHours(2));
        var waited = context.CurrentUtcTime - began;
        var child = await context.CallWorkflowAsync<WideWorkflow, WideInput, long>(new WideInput(3, 2));
        var said = await context.WaitForEventAsync<string>("go");
        string caught;
        try
        {
            await context.CallActivityAsync<ProbeActivity, int, int>(-1);
            caught = "nothing";
        }
        catch (ActivityFailedException failed)
        {
            caught = failed.Problem.Code;
        }

        if (input < 2)
        {
            context.ContinueAsNew(input + 1);
            return string.Empty;
        }

        return FormattableString.Invariant($"{waited.TotalHours:0} {child} {said} {caught} {guid == context.NewGuid()}");
    }
}

/// <summary>Waits for a workflow under an id of its own.</summary>
public sealed class JoiningWorkflow : IWorkflow<string, long>
{
    public Task<long> RunAsync(IWorkflowContext context, string input) => context.CallWorkflowAsync<WideWorkflow, WideInput, long>(new WideInput(5, 2), input);
}

/// <summary>Refuses.</summary>
public sealed class RefusingWorkflow : IWorkflow<int, int>
{
    public Task<int> RunAsync(IWorkflowContext context, int input) => throw new ProblemException("probe-refused", "It never does this.", "here");
}
