using System.Collections.Concurrent;
using AiAssignments.Core.Jobs;
using AiAssignments.Core.Workflows;
using AiAssignments.Pipeline.Evaluations;

namespace AiAssignments.Pipeline.Jobs;

/// <summary>
/// Passes on what activities tell, and tells the ends of evaluations and optimizations itself, when the engine says that they are in the journal:
/// whoever acts on "completed" finds the evaluation completed, and failures and cancellations are told as completions are.
/// </summary>
/// <param name="publisher">Told.</param>
public sealed class JobEnds(IProgressPublisher publisher) : IProgressPublisher
{
    // Of jobs under way: how an evaluation that did not complete is called stands in no outcome.
    private readonly ConcurrentDictionary<string, string> titles = new(StringComparer.Ordinal);

    /// <inheritdoc />
    public void Publish(JobProgress progress)
    {
        if (JobStages.IsEnd(progress.Stage))
        {
            titles.TryRemove(progress.JobId, out _);
        }
        else if (progress.Stage != "staging")
        {
            titles[progress.JobId] = progress.Title;
        }

        publisher.Publish(progress);
    }

    /// <summary>Looks at a workflow's state, after it was written.</summary>
    /// <param name="state">The state.</param>
    public void Changed(WorkflowState state)
    {
        if (state.Status is WorkflowStatus.Completed or WorkflowStatus.Failed or WorkflowStatus.Cancelled && EvaluationDesk.JobOf(state) is { } job)
        {
            var end = EvaluationProgress.Of(job).Progress;
            publisher.Publish(titles.TryRemove(job.Id, out var title) ? end with { Title = title } : end);
        }
        else if (OptimizationProgress.Of(state) is { Progress: var told })
        {
            Publish(told);
        }
    }
}
