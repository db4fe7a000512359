using AiAssignments.Core.Errors;
using AiAssignments.Core.Workflows;
using AiAssignments.Embedded;
using AiAssignments.Embedded.Blobs;
using AiAssignments.Embedded.Workflows;
using AiAssignments.Pipeline.Workflows;

namespace AiAssignments.CrashHost.Scenarios;

/// <summary>A small text in shards: activities that write blobs, a retry, a timer, an event, a sub-workflow, a continue-as-new, a sum in the end.</summary>
public sealed class TextScenario : IScenario
{
    public const string InstanceId = "text";

    public string Name => "text";

    public async Task<string> RunAsync(Stage stage, CancellationToken cancellationToken)
    {
        using var folder = DataFolder.Open(stage.Folder);
        var blobs = new FolderBlobStore(folder.Blobs);
        var registry = new WorkflowRegistry()
            .AddWorkflow<CountTextWorkflow, CountText, string>(() => new CountTextWorkflow())
            .AddWorkflow<CountShardsWorkflow, string[], string[]>(() => new CountShardsWorkflow())
            .AddActivity<CountShardActivity, Shard, string>(() => new CountShardActivity(blobs))
            .AddActivity<StumbleActivity, string, string>(() => new StumbleActivity(blobs))
            .AddActivity<SumActivity, string[], string>(() => new SumActivity(blobs));
        var engine = new SqliteWorkflowEngine(registry, new WorkflowEngineOptions { JournalFile = folder.JournalFile, Observer = stage.Observer, MaxConcurrentActivities = 2 });
        await using (engine)
        {
            await engine.ResumeAsync(cancellationToken);
            await engine.StartAsync<CountTextWorkflow, CountText, string>(InstanceId, new CountText(0, []), cancellationToken);
            if (await engine.FindAsync(InstanceId, cancellationToken) is { Status: not WorkflowStatus.Completed } && !await HasGoAsync(blobs, cancellationToken))
            {
                // Raised again when the process died before it was noted; the workflow takes one.
                try
                {
                    await engine.RaiseEventAsync(InstanceId, "go", "now", cancellationToken);
                }
                catch (ProblemException exception) when (exception.Problem.Code == "workflow-ended")
                {
                    // The one of the process before was enough, and the rest went fast.
                }

                await blobs.WriteAsync("go", (_, _) => Task.CompletedTask, cancellationToken);
            }

            var state = await engine.WaitAsync(InstanceId, cancellationToken);
            return $"{state.Status} {state.Output} {state.Problem} {state.CustomStatus}";
        }
    }

    private static async Task<bool> HasGoAsync(FolderBlobStore blobs, CancellationToken cancellationToken) =>
        await blobs.FindAsync("go", cancellationToken) is not null;
}

public sealed record CountText(int Round, string[] Done);

public sealed record Shard(string Name, int Number);
