using AiAssignments.Core.Jobs;
using AiAssignments.Core.Workflows;
using AiAssignments.Pipeline.Evaluations;

namespace AiAssignments.Pipeline.Jobs;

/// <summary>The last state of evaluations, as the journal has it.</summary>
/// <param name="evaluations">Where they are asked for.</param>
public sealed class EvaluationProgress(EvaluationDesk evaluations) : IProgressSource
{
    /// <inheritdoc />
    public async Task<KnownProgress?> FindAsync(string jobId, CancellationToken cancellationToken)
    {
        // Shorter ones are beginnings of ids, which the desk would take for several.
        var job = jobId.Length < 32 ? null : await evaluations.FindAsync(jobId, cancellationToken).ConfigureAwait(false);
        return job?.Id == jobId ? Of(job) : null;
    }

    /// <summary>An evaluation's state as its progress.</summary>
    /// <param name="job">The evaluation.</param>
    public static KnownProgress Of(EvaluationJob job)
    {
        var stage = job.Status switch
        {
            WorkflowStatus.Completed => JobStages.Completed,
            WorkflowStatus.Failed => JobStages.Failed,
            WorkflowStatus.Cancelled => JobStages.Cancelled,
            _ => job.Progress?.Stage ?? "planning",
        };
        var records = job.Progress?.Records ?? 0;
        var done = stage == JobStages.Completed ? records : job.Progress is { Shards: > 0 } shards ? records * shards.ShardsDone / shards.Shards : 0;
        return new KnownProgress(new JobProgress(job.Id, job.Outcome is { } outcome ? $"{outcome.Model} on {outcome.Dataset}" : job.Request.Model, stage, done, records), job.UpdatedAt);
    }
}
