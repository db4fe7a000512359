using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using AiAssignments.Bench.Installations;
using AiAssignments.Bench.Running;
using AiAssignments.Bench.Table;
using AiAssignments.Core.Errors;

namespace AiAssignments.Bench.Steps;

/// <summary>
/// The evaluation pipeline: many small evaluations asked for at once, for evaluations a second; and one large, for the megabytes of a dataset that are scored a second.
/// From asking to the report on disk.
/// </summary>
internal sealed class EvaluationStep : IBenchStep
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly List<string> small = [];
    private readonly List<string> started = [];
    private string? large;
    private long largeBytes;

    public string Name => "Evaluation pipeline";

    public IReadOnlySet<BenchSection> Sections { get; } = new HashSet<BenchSection> { BenchSection.Throughput, BenchSection.Resources };

    public bool Writes => true;

    public async Task PrepareAsync(BenchContext context, CancellationToken cancellationToken)
    {
        if (context.Models.Text is not { } model)
        {
            return;
        }

        for (var dataset = 0; dataset < context.Pace.SmallEvaluations; dataset++)
        {
            small.Add(await UploadAsync(context, BenchFiles.Csv(FormattableString.Invariant($"{context.RunId}s{dataset}"), 0, model.Labels, context.Pace.SmallRecords), cancellationToken).ConfigureAwait(false));
        }

        var content = BenchFiles.Csv($"{context.RunId}large", 0, model.Labels, context.Pace.LargeRecords);
        largeBytes = content.Length;
        large = await UploadAsync(context, content, cancellationToken).ConfigureAwait(false);
    }

    public async Task RunAsync(BenchContext context, int round, CancellationToken cancellationToken)
    {
        if (context.Models.Text is not { } model || large is null)
        {
            return;
        }

        var pace = context.Pace;
        var subject = $"Evaluation pipeline ({model.Name})";
        BenchFigure Figure(BenchSection section, string id, string name, string unit, BenchDirection better) =>
            new($"evaluation.{id}", section, subject, name, unit, better);

        using var watch = await ResourceWatch.BeginAsync(context.Installation, cancellationToken).ConfigureAwait(false);
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(small.Select(dataset => EvaluateAsync(context, model, dataset, round, cancellationToken))).ConfigureAwait(false);
        var smallSeconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        start = Stopwatch.GetTimestamp();
        await EvaluateAsync(context, model, large, round, cancellationToken).ConfigureAwait(false);
        var largeSeconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var use = await watch.EndAsync(cancellationToken).ConfigureAwait(false);

        var at = string.Create(CultureInfo.InvariantCulture, $"{small.Count} evaluations of {pace.SmallRecords} records asked for at once");
        var whole = string.Create(CultureInfo.InvariantCulture, $"one of {pace.LargeRecords:N0} records, {largeBytes / 1e6:0.0} MB");
        context.Add(Figure(BenchSection.Throughput, "requests-per-second", "requests/s", "/s", BenchDirection.Higher), small.Count / smallSeconds, at);
        context.Add(Figure(BenchSection.Throughput, "megabytes-per-second", "MB/s", "MB/s", BenchDirection.Higher), largeBytes / largeSeconds / 1e6, whole);
        context.Add(Figure(BenchSection.Throughput, "users", "users at once", "users", BenchDirection.Higher), small.Count, at);
        context.Add(Figure(BenchSection.Throughput, "records-per-second", "records/s", "/s", BenchDirection.Higher), pace.LargeRecords / largeSeconds, whole);
        context.Add(Figure(BenchSection.Resources, "cpu", "CPU", "cores", BenchDirection.Neither), use.Cores);
        context.Add(Figure(BenchSection.Resources, "memory", "memory", "MB", BenchDirection.Neither), use.PeakBytes / 1e6);
        context.Add(Figure(BenchSection.Resources, "storage", "storage I/O", "MB/s", BenchDirection.Neither), use.DiskBytesPerSecond / 1e6);
    }

    public async Task CleanAsync(BenchContext context)
    {
        foreach (var id in started)
        {
            await context.Installation.DeleteAsync($"/api/evaluations/{Uri.EscapeDataString(id)}", CancellationToken.None).ConfigureAwait(false);
        }

        await BenchFiles.DeleteAsync(context, BenchFiles.Name(context, "evaluated"), CancellationToken.None).ConfigureAwait(false);
    }

    private static async Task<string> UploadAsync(BenchContext context, byte[] content, CancellationToken cancellationToken)
    {
        var dataset = await context.Installation.PostAsync($"/api/datasets?name={BenchFiles.Name(context, "evaluated")}", content, "application/octet-stream", cancellationToken).ConfigureAwait(false);
        return dataset.Text("id") ?? throw new ProblemException("target-unfit", "The installation registered a dataset and did not say under which id.", context.Installation.Root);
    }

    // Another seed is another evaluation: each round has its own.
    private async Task EvaluateAsync(BenchContext context, RegisteredModel model, string dataset, int round, CancellationToken cancellationToken)
    {
        var job = await context.Installation.PostAsync("/api/evaluations", new { model = $"{model.Name}@{model.Version}", dataset, options = new { seed = 1_000 + round } }, cancellationToken).ConfigureAwait(false);
        var id = job.Text("id") ?? throw new ProblemException("target-unfit", "The installation started an evaluation and did not say under which id.", context.Installation.Root);
        lock (started)
        {
            started.Add(id);
        }

        for (var since = Stopwatch.GetTimestamp(); ;)
        {
            switch (job.Text("status"))
            {
                case "completed":
                    return;
                case "failed" or "cancelled":
                    throw new ProblemException("bench-evaluation-failed", $"An evaluation of the bench {job.Text("status")}: {Why(job)}", id);
                case var _ when Stopwatch.GetElapsedTime(since) > Patience:
                    throw new ProblemException("bench-evaluation-failed", $"An evaluation of the bench did not end within {Patience.TotalMinutes:N0} minutes.", id);
            }

            await Task.Delay(Period, cancellationToken).ConfigureAwait(false);
            job = await context.Installation.GetAsync($"/api/jobs/{Uri.EscapeDataString(id)}", cancellationToken).ConfigureAwait(false);
        }
    }

    private static string Why(JsonElement job) => job.Text("problem", "message") ?? "no reason is given.";
}
