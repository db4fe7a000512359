using AiAssignments.Core.Workflows;

namespace AiAssignments.CrashHost.Scenarios;

/// <summary>First round: wait for the event, fan out, stumble and retry, wait on a timer, continue as new. Second round: a sub-workflow, and the sum.</summary>
public sealed class CountTextWorkflow : IWorkflow<CountText, string>
{
    private static readonly RetryPolicy Quick = new(3, TimeSpan.FromMilliseconds(2), 2, TimeSpan.FromMilliseconds(10));

    public async Task<string> RunAsync(IWorkflowContext context, CountText input)
    {
        if (input.Round == 0)
        {
            var go = await context.WaitForEventAsync<string>("go");
            Shard[] shards = [.. Enumerable.Range(0, 5).Select(i => new Shard("first", i))];
            var counted = await context.FanOutAsync<CountShardActivity, Shard, string>(shards, 2, done => context.SetCustomStatus(new { Done = done, Of = shards.Length }));
            var stumbled = await context.CallActivityAsync<StumbleActivity, string, string>($"{go}-{context.NewGuid():N}", Quick);
            await context.DelayAsync(TimeSpan.FromMilliseconds(2));
            context.ContinueAsNew(new CountText(1, [.. counted, stumbled]));
            return "not the end";
        }

        var more = await context.CallWorkflowAsync<CountShardsWorkflow, string[], string[]>(["a", "b"]);
        return await context.CallActivityAsync<SumActivity, string[], string>([.. input.Done, .. more]);
    }
}
