using System.Diagnostics;
using System.Globalization;
using AiAssignments.Bench.Installations;
using AiAssignments.Bench.Running;
using AiAssignments.Bench.Table;
using AiAssignments.Core.Errors;

namespace AiAssignments.Bench.Steps;

/// <summary>
/// The evaluation pipeline: many small evaluations asked for at once, for evaluations a second; and one large, for the megabytes of a dataset that are scored a second.
/// From asking to the report on disk, by the installation's clock. The large dataset has as many records as the small ones promise some seconds of work for.
/// </summary>
internal sealed class EvaluationStep : IBenchStep
{
    private const double WishedSeconds = 5;
    private const double FewestSeconds = 2;
    private const int FewestRecords = 200;
    private const int DeletesAtOnce = 8;

    private readonly List<string> small = [];
    private readonly List<string> started = [];
    private string? large;
    private int largeRecords;
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
    }

    public async Task RunAsync(BenchContext context, int round, CancellationToken cancellationToken)
    {
        if (context.Models.Text is not { } model)
        {
            return;
        }

        var records = context.Pace.SmallEvaluations * context.Pace.SmallRecords;
        if (large is null)
        {
            // Once before it counts, to know how much is some seconds of work.
            var first = await EvaluationJobs.RunAsync(context, model, small, 1_000, started, cancellationToken).ConfigureAwait(false);
            await EnlargeAsync(context, model, records / first * WishedSeconds, cancellationToken).ConfigureAwait(false);
            var trial = await EvaluationJobs.RunAsync(context, model, [large!], 1_000, started, cancellationToken).ConfigureAwait(false);
            if (trial < FewestSeconds && largeRecords < context.Pace.LargeRecords)
            {
                await EnlargeAsync(context, model, largeRecords / trial * WishedSeconds, cancellationToken).ConfigureAwait(false);
            }
        }

        var watch = new ResourceWatch(context.Installation);
        await using (watch.ConfigureAwait(false))
        {
            await watch.BeginAsync().ConfigureAwait(false);
            var (start, bytes) = (Stopwatch.GetTimestamp(), context.Installation.BodyBytes);
            var smallSeconds = await EvaluationJobs.RunAsync(context, model, small, 1_000 + round, started, cancellationToken).ConfigureAwait(false);
            var largeSeconds = await EvaluationJobs.RunAsync(context, model, [large!], 1_000 + round, started, cancellationToken).ConfigureAwait(false);
            var network = (context.Installation.BodyBytes - bytes) / Stopwatch.GetElapsedTime(start).TotalSeconds;
            var use = await watch.EndAsync(cancellationToken).ConfigureAwait(false);
            Add(context, model, smallSeconds, largeSeconds, use, network);
        }
    }

    public async Task CleanAsync(BenchContext context, CancellationToken cancellationToken)
    {
        if (context.IsPrivate)
        {
            return;
        }

        try
        {
            await Parallel.ForEachAsync(started, new ParallelOptions { MaxDegreeOfParallelism = DeletesAtOnce, CancellationToken = cancellationToken }, async (id, stop) =>
                await context.Installation.DeleteAsync($"/api/evaluations/{Uri.EscapeDataString(id)}", stop).ConfigureAwait(false)).ConfigureAwait(false);
        }
        finally
        {
            await BenchFiles.DeleteAsync(context, BenchFiles.Name(context, "evaluated"), cancellationToken).ConfigureAwait(false);
        }
    }

    private void Add(BenchContext context, RegisteredModel model, double smallSeconds, double largeSeconds, ResourceUse use, double network)
    {
        var subject = $"{Name} ({model.Name})";
        BenchFigure Figure(BenchSection section, string id, string name, string unit, BenchDirection better) =>
            new($"evaluation.{id}", section, subject, name, unit, better);

        var text = string.Create(CultureInfo.InvariantCulture, $"{small.Count} users who each ask for an evaluation of {context.Pace.SmallRecords} records, at once");
        var at = new BenchConditions(text);
        var share = Math.Min(1, small.Count / context.Options.Targets.GetValueOrDefault("evaluation.users", small.Count));
        var whole = new BenchConditions(string.Create(CultureInfo.InvariantCulture, $"one of {largeRecords:N0} records, {largeBytes / 1e6:0.0} MB"));
        context.Add(Figure(BenchSection.Throughput, "requests-per-second", "requests/s", "/s", BenchDirection.Higher), small.Count / smallSeconds, at);
        context.Add(Figure(BenchSection.Throughput, "users", "users at once", "users", BenchDirection.Higher), small.Count, new BenchConditions(text, LoadShare: share));
        context.Add(Figure(BenchSection.Throughput, "megabytes-per-second", "MB/s", "MB/s", BenchDirection.Higher), largeBytes / largeSeconds / 1e6, whole);
        context.Add(Figure(BenchSection.Throughput, "records-per-second", "records/s", "/s", BenchDirection.Higher), largeRecords / largeSeconds, whole);
        context.Add(Figure(BenchSection.Resources, "cpu", "CPU", "cores", BenchDirection.Neither), use.Cores);
        context.Add(Figure(BenchSection.Resources, "memory", "memory", "MB", BenchDirection.Neither), use.PeakBytes / 1e6);
        context.Add(Figure(BenchSection.Resources, "storage", "storage I/O", "MB/s", BenchDirection.Neither), use.DiskBytesPerSecond / 1e6);
        context.Add(Figure(BenchSection.Resources, "network", "network I/O", "MB/s", BenchDirection.Neither), network / 1e6);
    }

    private async Task EnlargeAsync(BenchContext context, RegisteredModel model, double records, CancellationToken cancellationToken)
    {
        largeRecords = (int)Math.Clamp(records, FewestRecords, context.Pace.LargeRecords);
        var content = BenchFiles.Csv(string.Create(CultureInfo.InvariantCulture, $"{context.RunId}large{largeRecords}"), 0, model.Labels, largeRecords);
        largeBytes = content.Length;
        large = await UploadAsync(context, content, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<string> UploadAsync(BenchContext context, byte[] content, CancellationToken cancellationToken)
    {
        var dataset = await context.Installation.PostAsync($"/api/datasets?name={BenchFiles.Name(context, "evaluated")}", content, "application/octet-stream", cancellationToken).ConfigureAwait(false);
        return dataset.Text("id") ?? throw new ProblemException("target-unfit", "The installation registered a dataset and did not say under which id.", context.Installation.Root);
    }
}
