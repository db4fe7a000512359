using AiAssignments.Core.Workflows;

namespace AiAssignments.CrashHost.Scenarios;

/// <summary>One shard after the other.</summary>
public sealed class CountShardsWorkflow : IWorkflow<string[], string[]>
{
    public async Task<string[]> RunAsync(IWorkflowContext context, string[] input)
    {
        var results = new List<string>();
        foreach (var name in input)
        {
            results.Add(await context.CallActivityAsync<CountShardActivity, Shard, string>(new Shard(name, results.Count)));
        }

        return [.. results];
    }
}
