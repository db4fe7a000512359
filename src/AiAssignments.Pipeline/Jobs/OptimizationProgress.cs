using AiAssignments.Core.Jobs;
using AiAssignments.Core.Workflows;
using AiAssignments.Pipeline.Optimizations;

namespace AiAssignments.Pipeline.Jobs;

/// <summary>The last state of optimizations, as the journal has it.</summary>
/// <param name="optimizations">Where they are asked for.</param>
public sealed class OptimizationProgress(OptimizationDesk optimizations) : IProgressSource
{
    /// <inheritdoc />
    public async Task<KnownProgress?> FindAsync(string jobId, CancellationToken cancellationToken) =>
        await optimizations.FindAsync(jobId, cancellationToken).ConfigureAwait(false) is { } job ? Of(job) : null;

    /// <summary>As the engine tells it; <c>null</c> of any other workflow.</summary>
    /// <param name="state">The workflow's state.</param>
    public static KnownProgress? Of(WorkflowState state) => OptimizationDesk.JobOf(state) is { } job ? Of(job) : null;

    private static KnownProgress Of(OptimizationJob job)
    {
        var stage = job.Status switch
        {
            WorkflowStatus.Completed => JobStages.Completed,
            WorkflowStatus.Failed => JobStages.Failed,
            WorkflowStatus.Cancelled => JobStages.Cancelled,
            _ => job.Progress?.Stage is null or JobStages.Completed ? "scoring" : job.Progress.Stage,
        };
        return new KnownProgress(new JobProgress(job.Id, job.Request.Title, stage, job.Progress?.Done ?? 0, job.Progress?.Total ?? 0), job.UpdatedAt);
    }
}
