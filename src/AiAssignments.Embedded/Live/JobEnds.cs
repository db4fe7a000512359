using System.Collections.Concurrent;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Jobs;
using AiAssignments.Core.Workflows;
using AiAssignments.Pipeline.Evaluations;

namespace AiAssignments.Embedded.Live;

/// <summary>
/// Tells how evaluations end that do not complete: an activity publishes while it works, but a failure or a cancellation is only seen by whoever waits for the workflow.
/// From the first word of an evaluation on, this waits for it.
/// </summary>
/// <param name="publisher">Told.</param>
internal sealed class JobEnds(IProgressPublisher publisher) : IProgressPublisher, IDisposable
{
    private readonly ConcurrentDictionary<string, bool> waiting = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource stopping = new();

    /// <summary>Where evaluations are waited for; nobody waits while it is <c>null</c>.</summary>
    public EvaluationDesk? Evaluations { get; set; }

    public void Publish(JobProgress progress)
    {
        publisher.Publish(progress);
        if (JobStages.IsEnd(progress.Stage))
        {
            waiting.TryRemove(progress.JobId, out _);
        }
        else if (Evaluations is { } evaluations && progress.Stage != "staging" && waiting.TryAdd(progress.JobId, true))
        {
            _ = WaitAsync(evaluations, progress);
        }
    }

    public void Dispose()
    {
        stopping.Cancel();
        stopping.Dispose();
    }

    private async Task WaitAsync(EvaluationDesk evaluations, JobProgress first)
    {
        // Told by an activity's thread, which is not to be kept.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            var job = await evaluations.WaitAsync(first.JobId, stopping.Token).ConfigureAwait(false);
            waiting.TryRemove(first.JobId, out _);
            if (job.Status is WorkflowStatus.Failed or WorkflowStatus.Cancelled)
            {
                publisher.Publish(EvaluationProgress.Of(job).Progress with { Title = first.Title });
            }
        }
        catch (Exception gone) when (gone is ProblemException or OperationCanceledException or ObjectDisposedException)
        {
            // Deleted, no evaluation, or this process stops. Not asked again before the job ends.
        }
    }
}
