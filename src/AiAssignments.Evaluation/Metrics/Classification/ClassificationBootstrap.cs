using AiAssignments.Core.Evaluations;
using AiAssignments.Core.Randomness;
using AiAssignments.Evaluation.Metrics.Statistics;

namespace AiAssignments.Evaluation.Metrics.Classification;

/// <summary>
/// The stratified bootstrap: records are resampled with replacement within each true class. The figures depend on the confusion matrix
/// alone, and the resampled row of a class is multinomial with the observed row as weights, so rows are drawn instead of records: the same
/// distribution, without the records.
/// </summary>
internal sealed class ClassificationBootstrap
{
    /// <summary>Name in <see cref="Results.MetricEstimate.Method"/>.</summary>
    public const string Method = "stratified-bootstrap";

    private ClassificationBootstrap(int classes, int samples)
    {
        BalancedAccuracy = new BootstrapSample(samples);
        Mcc = new BootstrapSample(samples);
        CohenKappa = new BootstrapSample(samples);
        Macro = new BootstrapTriple(samples);
        Weighted = new BootstrapTriple(samples);
        F1 = [.. Enumerable.Range(0, classes).Select(_ => new BootstrapSample(samples))];
    }

    /// <summary>Balanced accuracy.</summary>
    public BootstrapSample BalancedAccuracy { get; }

    /// <summary>Matthews' correlation; 0 in a resample where it is undefined.</summary>
    public BootstrapSample Mcc { get; }

    /// <summary>Cohen's kappa.</summary>
    public BootstrapSample CohenKappa { get; }

    /// <summary>Macro averages.</summary>
    public BootstrapTriple Macro { get; }

    /// <summary>Weighted averages.</summary>
    public BootstrapTriple Weighted { get; }

    /// <summary>F1 of each class.</summary>
    public IReadOnlyList<BootstrapSample> F1 { get; }

    /// <summary>Runs it.</summary>
    public static ClassificationBootstrap Run(ConfusionMatrix matrix, EvaluationOptions options)
    {
        var result = new ClassificationBootstrap(matrix.Labels, options.BootstrapSamples);
        var rows = matrix.Cells().GroupBy(cell => cell.Truth).Select(row => new Row(row.Key, [.. row.Select(cell => cell.Predicted)], [.. row.Select(cell => cell.Count)])).ToList();
        var random = new Xoshiro256(options.Seed);
        var (support, _, _) = matrix.Margins();
        var predicted = new long[matrix.Labels];
        var right = new long[matrix.Labels];
        for (var sample = 0; sample < options.BootstrapSamples; sample++)
        {
            Array.Clear(predicted);
            Array.Clear(right);
            foreach (var row in rows)
            {
                row.Draw(random, predicted, right);
            }

            result.Add(new ClassCounts(support, predicted, right));
        }

        return result;
    }

    private void Add(ClassCounts counts)
    {
        BalancedAccuracy.Add(counts.BalancedAccuracy());
        Mcc.Add(counts.Mcc() ?? 0);
        CohenKappa.Add(counts.CohenKappa());
        Macro.Add(counts.Macro());
        Weighted.Add(counts.Weighted());
        for (var i = 0; i < F1.Count; i++)
        {
            F1[i].Add(counts.F1(i));
        }
    }

    private sealed class Row(int truth, int[] predictions, long[] weights)
    {
        private readonly MultinomialSampler sampler = new(weights);
        private readonly long[] drawn = new long[weights.Length];

        public void Draw(Xoshiro256 random, long[] predicted, long[] right)
        {
            sampler.Draw(random, drawn);
            for (var i = 0; i < drawn.Length; i++)
            {
                predicted[predictions[i]] += drawn[i];
                if (predictions[i] == truth)
                {
                    right[truth] = drawn[i];
                }
            }
        }
    }
}
