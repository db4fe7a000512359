using System.Text.Json;
using AiAssignments.Bench.Installations;
using AiAssignments.Bench.Running;
using AiAssignments.Bench.Table;

namespace AiAssignments.Bench.Steps;

/// <summary>Accuracy, precision, recall and F1 of the registered models, from the newest evaluation of each on each dataset. Read once: the same records give the same numbers.</summary>
internal sealed class QualityStep : IBenchStep
{
    private const int MostEvaluations = 2_000;
    private const int MostRead = 200;

    public string Name => "Quality of the models";

    public IReadOnlySet<BenchSection> Sections { get; } = new HashSet<BenchSection> { BenchSection.Quality };

    public bool Writes => false;

    public Task PrepareAsync(BenchContext context, CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task RunAsync(BenchContext context, int round, CancellationToken cancellationToken)
    {
        if (round > 1)
        {
            return;
        }

        var evaluations = await context.Installation.ListAsync("/api/evaluations?status=completed", MostEvaluations, cancellationToken).ConfigureAwait(false);
        var newest = evaluations
            .Where(evaluation => evaluation.Text("outcome", "dataset") is { } dataset && !dataset.StartsWith(BenchFiles.Prefix, StringComparison.Ordinal))
            .DistinctBy(evaluation => (evaluation.Text("outcome", "model"), evaluation.Text("outcome", "dataset")))
            .ToList();
        foreach (var model in context.Models.All)
        {
            var reference = $"{model.Name}@{model.Version}";
            var own = newest.Where(evaluation => evaluation.Text("outcome", "model") == reference).Take(MostRead).ToList();
            if (own.Count == 0)
            {
                context.Collector.Note($"{reference} has not been evaluated on any dataset of this installation: no figures of its quality.");
            }

            foreach (var evaluation in own.OrderBy(evaluation => evaluation.Text("outcome", "dataset"), StringComparer.Ordinal))
            {
                await ReadAsync(context, model, evaluation, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    public Task CleanAsync(BenchContext context, CancellationToken cancellationToken) => Task.CompletedTask;

    private static async Task ReadAsync(BenchContext context, RegisteredModel model, JsonElement evaluation, CancellationToken cancellationToken)
    {
        if (evaluation.Text("id") is not { } id)
        {
            return;
        }

        // By its id and not by the link in the answer, which could lead elsewhere.
        var report = await context.Installation.GetAsync($"/reports/{Uri.EscapeDataString(id)}/report.json", cancellationToken).ConfigureAwait(false);
        var dataset = evaluation.Text("outcome", "dataset")!;
        var records = evaluation.Number("outcome", "records") ?? 0;
        var subject = FormattableString.Invariant($"{model.Name}@{model.Version} on {dataset} ({records:N0} records)");

        // By the model's name, so that a new version is compared with the one before; on the same records only.
        var conditions = new BenchConditions(Basis: FormattableString.Invariant($"dataset {evaluation.Text("request", "datasetId")}, {records:0} records"));
        void Add(string name, double? value) => context.Add(new BenchFigure($"quality.{model.Name}.{dataset}.{name.ToLowerInvariant()}", BenchSection.Quality, subject, name, "share", BenchDirection.Higher), value, conditions);

        if (report.Property("classification") is { } classes)
        {
            Add("accuracy", classes.Number("accuracy", "value"));
            AddAverage(Add, classes, "macro");
        }
        else if (report.Property("entities") is { } entities)
        {
            // What is right is a whole entity; of tokens alone there is the share too, which the many tokens outside of entities flatter.
            Add("accuracy", entities.Number("tokenAccuracy", "value"));
            AddAverage(Add, entities, "micro");
        }
    }

    private static void AddAverage(Action<string, double?> add, JsonElement metrics, string which)
    {
        if (metrics.Items("averages").FirstOrDefault(average => average.Text("average") == which) is { ValueKind: JsonValueKind.Object } average)
        {
            add("precision", average.Number("precision", "value"));
            add("recall", average.Number("recall", "value"));
            add("F1", average.Number("f1", "value"));
        }
    }
}
