using AiAssignments.Core.Evaluations;
using AiAssignments.Evaluation.Metrics.Statistics;
using AiAssignments.Evaluation.Results;

namespace AiAssignments.Evaluation.Metrics.Classification;

/// <summary>Turns what was gathered into figures with intervals.</summary>
internal sealed class ClassificationReport(
    IReadOnlyList<string> labels,
    EvaluationOptions options,
    ConfusionMatrix confusion,
    ProbabilityScores scores,
    IReadOnlyList<ScoreCounts> areas)
{
    private readonly (long[] Support, long[] Predicted, long[] TruePositives) margins = confusion.Margins();

    private long Count => confusion.Count;

    private ClassCounts Counts => new(margins.Support, margins.Predicted, margins.TruePositives);

    /// <summary>All of them.</summary>
    public ClassificationMetrics Metrics()
    {
        var bootstrap = ClassificationBootstrap.Run(confusion, options);
        var accuracy = Proportion(Counts.Totals().Right, Count);
        var roc = areas.Select(area => area.Area().Area).ToList();
        return new ClassificationMetrics
        {
            Labels = labels,
            Confusion = confusion.ToRows(),
            Count = Count,
            Accuracy = accuracy,
            BalancedAccuracy = Bootstrapped(bootstrap.BalancedAccuracy, Counts.BalancedAccuracy()),
            Averages = Averages(bootstrap, accuracy),
            Classes = [.. Enumerable.Range(0, labels.Count).Select(i => Class(i, bootstrap, roc[i]))],
            Mcc = Bootstrapped(bootstrap.Mcc, Counts.Mcc()),
            CohenKappa = Bootstrapped(bootstrap.CohenKappa, Counts.CohenKappa()),
            LogLoss = Mean(scores.LogLoss),
            Brier = Mean(scores.Brier),
            RocAuc = labels.Count == 2 ? roc[1] : roc.Average(),
            ExpectedCalibrationError = CalibrationError(),
            Calibration = [.. Enumerable.Range(0, scores.BinCounts.Length).Select(Bin)],
            Scores = new ScoreHistogram([.. scores.Right], [.. scores.Wrong]),
            Abstention = Abstention(),
        };
    }

    private List<AveragedMetrics> Averages(ClassificationBootstrap bootstrap, MetricEstimate accuracy)
    {
        // With one label a record, micro averages and weighted recall are the accuracy, a proportion.
        var weighted = bootstrap.Weighted.Estimate("weighted", Counts.Weighted(), options.Confidence, ClassificationBootstrap.Method);
        return
        [
            new AveragedMetrics("micro", accuracy, accuracy, accuracy),
            bootstrap.Macro.Estimate("macro", Counts.Macro(), options.Confidence, ClassificationBootstrap.Method),
            weighted with { Recall = accuracy },
        ];
    }

    private ClassMetrics Class(int index, ClassificationBootstrap bootstrap, double? area)
    {
        var (support, predicted, right) = (margins.Support[index], margins.Predicted[index], margins.TruePositives[index]);
        return new ClassMetrics(
            labels[index],
            support,
            predicted,
            right,
            Proportion(right, predicted),
            Proportion(right, support),
            Bootstrapped(bootstrap.F1[index], Counts.F1(index)),
            area);
    }

    private AbstentionMetrics? Abstention() => options.AbstainBelow is { } threshold
        ? new AbstentionMetrics(threshold, scores.Abstained, Proportion(Count - scores.Abstained, Count), Proportion(scores.AnsweredRight, Count - scores.Abstained))
        : null;

    private CalibrationBin Bin(int index)
    {
        var (count, bins) = (scores.BinCounts[index], scores.BinCounts.Length);
        return new CalibrationBin(
            (double)index / bins,
            (double)(index + 1) / bins,
            count,
            count == 0 ? null : scores.BinConfidence[index].ToDouble() / count,
            count == 0 ? null : (double)scores.BinRight[index] / count);
    }

    // The sum over bins of count/n times the gap of mean confidence and accuracy (Guo et al. 2017).
    private double? CalibrationError() => Count == 0
        ? null
        : Enumerable.Range(0, scores.BinCounts.Length).Sum(i => Math.Abs(scores.BinConfidence[i].ToDouble() - scores.BinRight[i])) / Count;

    private double? Mean(ExactSum sum) => Count == 0 ? null : sum.ToDouble() / Count;

    private MetricEstimate Proportion(long part, long whole) => WilsonInterval.Estimate(part, whole, options.Confidence);

    private MetricEstimate Bootstrapped(BootstrapSample sample, double? value) => sample.Estimate(value, options.Confidence, ClassificationBootstrap.Method);
}
