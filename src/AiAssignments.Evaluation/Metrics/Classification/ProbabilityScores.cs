using AiAssignments.Core.Evaluations;
using AiAssignments.Evaluation.Metrics.Statistics;

namespace AiAssignments.Evaluation.Metrics.Classification;

/// <summary>Sums over the predicted probabilities: log loss, Brier score, calibration, histogram, abstention.</summary>
internal sealed class ProbabilityScores
{
    /// <summary>Bins of the histogram of top probabilities.</summary>
    public const int HistogramBins = 20;

    /// <summary>Machine epsilon of float32: what scikit-learn (1.2 with <c>eps="auto"</c>, all later ones) clips float32 probabilities to.</summary>
    private const double Epsilon = 1.0 / (1 << 23);

    private readonly double? abstainBelow;

    /// <summary>Starts empty.</summary>
    public ProbabilityScores(EvaluationOptions options)
    {
        abstainBelow = options.AbstainBelow;
        BinCounts = new long[options.CalibrationBins];
        BinRight = new long[options.CalibrationBins];
        BinConfidence = new ExactSum[options.CalibrationBins];
    }

    /// <summary>Sum of log losses, nats.</summary>
    public ExactSum LogLoss { get; set; }

    /// <summary>Sum of Brier scores.</summary>
    public ExactSum Brier { get; set; }

    /// <summary>Records a calibration bin.</summary>
    public long[] BinCounts { get; }

    /// <summary>Right ones a calibration bin.</summary>
    public long[] BinRight { get; }

    /// <summary>Sum of top probabilities a calibration bin.</summary>
    public ExactSum[] BinConfidence { get; }

    /// <summary>Histogram of right predictions.</summary>
    public long[] Right { get; } = new long[HistogramBins];

    /// <summary>Histogram of wrong predictions.</summary>
    public long[] Wrong { get; } = new long[HistogramBins];

    /// <summary>Records under the threshold.</summary>
    public long Abstained { get; set; }

    /// <summary>Right ones at or over it.</summary>
    public long AnsweredRight { get; set; }

    /// <summary>Adds a record.</summary>
    /// <param name="gold">True label.</param>
    /// <param name="best">Label of the top probability.</param>
    /// <param name="probabilities">All probabilities.</param>
    public void Add(int gold, int best, ReadOnlySpan<float> probabilities)
    {
        var (loss, brier) = (LogLoss, Brier);
        loss.Add(LogLossOf(gold, probabilities));
        brier.Add(BrierOf(gold, probabilities));
        (LogLoss, Brier) = (loss, brier);
        var right = gold == best;
        var top = Math.Min((double)probabilities[best], 1);
        var bin = CalibrationBin(top, BinCounts.Length);
        BinCounts[bin]++;
        BinRight[bin] += right ? 1 : 0;
        BinConfidence[bin].Add(top);
        (right ? Right : Wrong)[Math.Min((int)(top * HistogramBins), HistogramBins - 1)]++;
        if (abstainBelow is { } threshold)
        {
            Abstained += top < threshold ? 1 : 0;
            AnsweredRight += right && top >= threshold ? 1 : 0;
        }
    }

    /// <summary>Adds another's sums.</summary>
    public void Merge(ProbabilityScores other)
    {
        LogLoss = new ExactSum(LogLoss.Scaled + other.LogLoss.Scaled);
        Brier = new ExactSum(Brier.Scaled + other.Brier.Scaled);
        Abstained += other.Abstained;
        AnsweredRight += other.AnsweredRight;
        for (var i = 0; i < BinCounts.Length; i++)
        {
            BinCounts[i] += other.BinCounts[i];
            BinRight[i] += other.BinRight[i];
            BinConfidence[i].Add(other.BinConfidence[i]);
        }

        for (var i = 0; i < HistogramBins; i++)
        {
            Right[i] += other.Right[i];
            Wrong[i] += other.Wrong[i];
        }
    }

    // Clipped, then divided by the new sum, in double precision (scikit-learn 1.2's order of steps).
    private static double LogLossOf(int gold, ReadOnlySpan<float> probabilities)
    {
        var sum = 0.0;
        foreach (var probability in probabilities)
        {
            sum += Math.Clamp(probability, Epsilon, 1 - Epsilon);
        }

        return -Math.Log(Math.Clamp(probabilities[gold], Epsilon, 1 - Epsilon) / sum);
    }

    private static double BrierOf(int gold, ReadOnlySpan<float> probabilities)
    {
        if (probabilities.Length == 2)
        {
            var miss = (double)probabilities[1] - gold;
            return miss * miss;
        }

        var sum = 0.0;
        for (var i = 0; i < probabilities.Length; i++)
        {
            var miss = (double)probabilities[i] - (i == gold ? 1 : 0);
            sum += miss * miss;
        }

        return sum;
    }

    // Bins are open below and closed above, as in Guo et al. 2017; the product may round across an edge.
    private static int CalibrationBin(double top, int bins)
    {
        var bin = Math.Clamp((int)Math.Ceiling(top * bins) - 1, 0, bins - 1);
        if (bin > 0 && top <= (double)bin / bins)
        {
            return bin - 1;
        }

        return bin < bins - 1 && top > (double)(bin + 1) / bins ? bin + 1 : bin;
    }
}
