using AiAssignments.Core.Jobs;
using AiAssignments.Core.Workflows;
using AiAssignments.Pipeline.Evaluations;

namespace AiAssignments.Pipeline.Jobs;

/// <summary>
/// Progress where several processes work on one evaluation: each knows only what it scored itself, so the shards' own counts are not told, and the workflow,
/// which hears of all of them, tells how far it is. Its ends and everything else are told as they come.
/// </summary>
/// <param name="publisher">Told.</param>
public sealed class SharedProgress(IProgressPublisher publisher) : IProgressPublisher
{
    /// <inheritdoc />
    public void Publish(JobProgress progress)
    {
        ArgumentNullException.ThrowIfNull(progress);
        if (progress.Stage != "scoring")
        {
            publisher.Publish(progress);
        }
    }

    /// <summary>Looks at a workflow's state.</summary>
    /// <param name="state">The state.</param>
    public void Changed(WorkflowState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var known = EvaluationDesk.JobOf(state) is { } evaluation ? EvaluationProgress.Of(evaluation) : OptimizationProgress.Of(state);
        if (known is not null)
        {
            publisher.Publish(known.Progress);
        }
    }
}
