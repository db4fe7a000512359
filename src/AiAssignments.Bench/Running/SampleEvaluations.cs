using System.Diagnostics;
using AiAssignments.Bench.Installations;
using AiAssignments.Core.Errors;

namespace AiAssignments.Bench.Running;

/// <summary>Waits until a fresh installation has evaluated its sample datasets.</summary>
internal static class SampleEvaluations
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(300);

    // Datasets are registered one after the other; between two of them nothing runs for a moment.
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(1.5);

    /// <exception cref="ProblemException"><c>bench-host-failed</c>: they are not done in time.</exception>
    public static async Task WaitAsync(Installation installation, TimeSpan patience, CancellationToken cancellationToken)
    {
        var (start, changed, last) = (Stopwatch.GetTimestamp(), Stopwatch.GetTimestamp(), string.Empty);
        while (true)
        {
            var jobs = await installation.ListAsync("/api/jobs?kind=evaluation", 1_000, cancellationToken).ConfigureAwait(false);
            var state = string.Join(' ', jobs.Select(job => job.Text("status")));
            if (state != last)
            {
                (changed, last) = (Stopwatch.GetTimestamp(), state);
            }

            if (jobs.Count > 0 && jobs.TrueForAll(job => job.Text("status") is "completed" or "failed" or "cancelled") && Stopwatch.GetElapsedTime(changed) > Quiet)
            {
                return;
            }

            if (Stopwatch.GetElapsedTime(start) > patience)
            {
                throw new ProblemException("bench-host-failed", $"The sample datasets were not evaluated within {patience.TotalMinutes:N0} minutes.");
            }

            await Task.Delay(Period, cancellationToken).ConfigureAwait(false);
        }
    }
}
