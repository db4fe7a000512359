using AiAssignments.Core.Evaluations;
using AiAssignments.Evaluation.Metrics.Classification;
using AiAssignments.Evaluation.Metrics.Statistics;
using AiAssignments.Evaluation.Results;

namespace AiAssignments.Evaluation.Metrics.Entities;

/// <summary>Turns what was gathered into figures with intervals.</summary>
internal sealed class EntityReport(EntityMode mode, TagScheme goldScheme, TagScheme predictedScheme, long sentences, EvaluationOptions options)
{
    /// <summary>All of them.</summary>
    public EntityMetrics Metrics(EntityTallyState tally, TagConfusion words)
    {
        long[] Column(int column) => [.. Enumerable.Range(0, tally.Types.Count).Select(i => tally.TypeTotals[(3 * i) + column])];
        var (gold, predicted, correct) = (Column(0), Column(1), Column(2));
        var counts = new ClassCounts(gold, predicted, correct);
        var bootstrap = EntityBootstrap.Run(tally, options);
        var (tags, rows) = words.Matrix();
        return new EntityMetrics
        {
            Scheme = goldScheme.Name,
            PredictedScheme = predictedScheme.Name,
            Mode = mode.Name,
            Sentences = sentences,
            Tokens = words.Words,
            GoldEntities = gold.Sum(),
            PredictedEntities = predicted.Sum(),
            CorrectEntities = correct.Sum(),
            TokenAccuracy = words.Accuracy(options),
            Averages =
            [
                Average("micro", bootstrap.Micro, counts.Micro()),
                Average("macro", bootstrap.Macro, counts.Macro()),
                Average("weighted", bootstrap.Weighted, counts.Weighted()),
            ],
            Types = Types(tally.Types, gold, predicted, correct, bootstrap),
            Tags = tags,
            TagConfusion = rows,
        };
    }

    private List<ClassMetrics> Types(IReadOnlyList<string> types, long[] gold, long[] predicted, long[] correct, EntityBootstrap bootstrap)
    {
        var counts = new ClassCounts(gold, predicted, correct);
        var rows = new List<ClassMetrics>();
        for (var i = 0; i < types.Count; i++)
        {
            var figures = Average(types[i], bootstrap.Types[i], (counts.Precision(i), counts.Recall(i), counts.F1(i)));
            rows.Add(new ClassMetrics(types[i], gold[i], predicted[i], correct[i], figures.Precision, figures.Recall, figures.F1));
        }

        return rows;
    }

    private AveragedMetrics Average(string name, BootstrapTriple sample, (double? Precision, double? Recall, double? F1) values) =>
        sample.Estimate(name, values, options.Confidence, EntityBootstrap.Method);
}
