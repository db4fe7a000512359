namespace AiAssignments.Evaluation.Metrics.Classification;

/// <summary>
/// The counts that precision, recall, F1, MCC and kappa depend on, and these figures. Agrees with scikit-learn: averages are over the
/// classes that occur in the truth or in the predictions, and an undefined figure of one of them counts as zero.
/// </summary>
/// <param name="support">Records a true class.</param>
/// <param name="predicted">Records a predicted class.</param>
/// <param name="truePositives">Both.</param>
internal readonly ref struct ClassCounts(ReadOnlySpan<long> support, ReadOnlySpan<long> predicted, ReadOnlySpan<long> truePositives)
{
    private readonly ReadOnlySpan<long> support = support;
    private readonly ReadOnlySpan<long> predicted = predicted;
    private readonly ReadOnlySpan<long> truePositives = truePositives;

    /// <summary>Number of classes.</summary>
    public int Classes => support.Length;

    /// <summary>Precision of a class; <c>null</c> when it was never predicted.</summary>
    public double? Precision(int index) => Ratio(truePositives[index], predicted[index]);

    /// <summary>Recall of a class; <c>null</c> when it has no records.</summary>
    public double? Recall(int index) => Ratio(truePositives[index], support[index]);

    /// <summary>F1 of a class; <c>null</c> when it occurs in neither truth nor predictions.</summary>
    public double? F1(int index) => Ratio(2 * truePositives[index], support[index] + predicted[index]);

    /// <summary>Mean precision, recall and F1 over the classes that occur; <c>null</c> when none does.</summary>
    public (double? Precision, double? Recall, double? F1) Macro()
    {
        var (precision, recall, f1, classes) = (0.0, 0.0, 0.0, 0);
        for (var i = 0; i < Classes; i++)
        {
            if (support[i] + predicted[i] > 0)
            {
                precision += Precision(i) ?? 0;
                recall += Recall(i) ?? 0;
                f1 += F1(i) ?? 0;
                classes++;
            }
        }

        return classes == 0 ? (null, null, null) : (precision / classes, recall / classes, f1 / classes);
    }

    /// <summary>Mean precision, recall and F1, weighted by support; <c>null</c> when there is no support.</summary>
    public (double? Precision, double? Recall, double? F1) Weighted()
    {
        var (precision, recall, f1, total) = (0.0, 0.0, 0.0, 0L);
        for (var i = 0; i < Classes; i++)
        {
            precision += support[i] * (Precision(i) ?? 0);
            recall += truePositives[i];
            f1 += support[i] * (F1(i) ?? 0);
            total += support[i];
        }

        return total == 0 ? (null, null, null) : (precision / total, recall / total, f1 / total);
    }

    /// <summary>Precision, recall and F1 over all classes' counts together; <c>null</c> where there is nothing to divide by.</summary>
    public (double? Precision, double? Recall, double? F1) Micro()
    {
        var (right, gold, guessed) = Totals();
        return (Ratio(right, guessed), Ratio(right, gold), Ratio(2 * right, gold + guessed));
    }

    /// <summary>Sums over the classes.</summary>
    public (long Right, long Support, long Predicted) Totals()
    {
        var (right, gold, guessed) = (0L, 0L, 0L);
        for (var i = 0; i < Classes; i++)
        {
            right += truePositives[i];
            gold += support[i];
            guessed += predicted[i];
        }

        return (right, gold, guessed);
    }

    /// <summary>Mean recall over the classes with support; <c>null</c> when none has.</summary>
    public double? BalancedAccuracy()
    {
        var (sum, classes) = (0.0, 0);
        for (var i = 0; i < Classes; i++)
        {
            if (Recall(i) is { } recall)
            {
                sum += recall;
                classes++;
            }
        }

        return classes == 0 ? null : sum / classes;
    }

    /// <summary>Matthews' correlation coefficient of several classes (Gorodkin 2004); <c>null</c> when truth or predictions are all of one class.</summary>
    public double? Mcc()
    {
        var (count, right, cross, truth, guess) = Moments();
        var spread = (double)((count * count) - truth) * (double)((count * count) - guess);
        return spread == 0 ? null : (double)((right * count) - cross) / Math.Sqrt(spread);
    }

    /// <summary>Cohen's kappa (1960); <c>null</c> when truth and predictions are all of the same one class.</summary>
    public double? CohenKappa()
    {
        var (count, right, cross, _, _) = Moments();
        var chance = (count * count) - cross;
        return chance == 0 ? null : (double)((right * count) - cross) / (double)chance;
    }

    private (Int128 Count, Int128 Right, Int128 Cross, Int128 Truth, Int128 Guess) Moments()
    {
        Int128 cross = 0;
        Int128 truth = 0;
        Int128 guess = 0;
        var (right, count, _) = Totals();
        for (var i = 0; i < Classes; i++)
        {
            cross += (Int128)support[i] * predicted[i];
            truth += (Int128)support[i] * support[i];
            guess += (Int128)predicted[i] * predicted[i];
        }

        return (count, right, cross, truth, guess);
    }

    private static double? Ratio(long part, long whole) => whole == 0 ? null : (double)part / whole;
}
