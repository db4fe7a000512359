using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using AiAssignments.Bench.Installations;
using AiAssignments.Bench.Running;
using AiAssignments.Core.Errors;

namespace AiAssignments.Bench.Steps;

/// <summary>Evaluations asked for at once and waited for.</summary>
internal static class EvaluationJobs
{
    // One page, the newest first; others may ask for evaluations too.
    private const int Listed = 200;

    // One list for all of them, and seldom: asking is load too. The times are the installation's own, so nothing is lost by it.
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <param name="context">Where.</param>
    /// <param name="model">The model.</param>
    /// <param name="datasets">Ids of the datasets.</param>
    /// <param name="seed">Another seed is another evaluation.</param>
    /// <param name="started">Takes the ids of the evaluations, as soon as there are some.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>Seconds from when the first was accepted until the last was done.</returns>
    /// <exception cref="ProblemException"><c>bench-evaluation-failed</c>: one failed, or took too long.</exception>
    public static async Task<double> RunAsync(BenchContext context, RegisteredModel model, IReadOnlyList<string> datasets, int seed, List<string> started, CancellationToken cancellationToken)
    {
        var ids = (await Task.WhenAll(datasets.Select(dataset => StartAsync(context, model, dataset, seed, started, cancellationToken))).ConfigureAwait(false)).ToHashSet(StringComparer.Ordinal);
        for (var since = Stopwatch.GetTimestamp(); ;)
        {
            await Task.Delay(Period, cancellationToken).ConfigureAwait(false);
            var jobs = (await context.Installation.ListAsync("/api/jobs?kind=evaluation", Listed, cancellationToken).ConfigureAwait(false)).Where(job => job.Text("id") is { } id && ids.Contains(id)).ToList();
            if (jobs.Find(job => job.Text("status") is "failed" or "cancelled") is { ValueKind: JsonValueKind.Object } bad)
            {
                throw new ProblemException("bench-evaluation-failed", $"An evaluation of the bench {bad.Text("status")}: {bad.Text("problem", "message") ?? "no reason is given."}", bad.Text("id") ?? string.Empty);
            }

            if (jobs.Count == ids.Count && jobs.TrueForAll(job => job.Text("status") == "completed"))
            {
                return Seconds(jobs);
            }

            if (Stopwatch.GetElapsedTime(since) > Patience)
            {
                throw new ProblemException("bench-evaluation-failed", $"The evaluations of the bench did not end within {Patience.TotalMinutes:N0} minutes.", model.Name);
            }
        }
    }

    private static async Task<string> StartAsync(BenchContext context, RegisteredModel model, string dataset, int seed, List<string> started, CancellationToken cancellationToken)
    {
        var job = await context.Installation.PostAsync("/api/evaluations", new { model = $"{model.Name}@{model.Version}", dataset, options = new { seed } }, cancellationToken).ConfigureAwait(false);
        var id = job.Text("id") ?? throw new ProblemException("target-unfit", "The installation started an evaluation and did not say under which id.", context.Installation.Root);
        lock (started)
        {
            started.Add(id);
        }

        return id;
    }

    private static double Seconds(List<JsonElement> jobs)
    {
        DateTimeOffset At(JsonElement job, string name) => job.Text(name) is { } text && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var at)
            ? at
            : throw new ProblemException("target-unfit", $"The installation does not say of a job when it was '{name}'.", job.Text("id") ?? string.Empty);
        return Math.Max(1e-3, (jobs.Max(job => At(job, "updatedAt")) - jobs.Min(job => At(job, "createdAt"))).TotalSeconds);
    }
}
