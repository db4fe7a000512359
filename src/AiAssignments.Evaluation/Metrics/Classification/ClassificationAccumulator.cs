using AiAssignments.Core.Errors;
using AiAssignments.Core.Evaluations;
using AiAssignments.Evaluation.Metrics.Statistics;
using AiAssignments.Evaluation.Results;

namespace AiAssignments.Evaluation.Metrics.Classification;

/// <summary>
/// Gathers what the figures of a single-label classification need, without keeping rows. Merging shards in any order and grouping gives the
/// same state, to the last bit, as adding all records to one: counts are integers and sums are fixed-point integers.
/// Not safe for use from several threads at once.
/// </summary>
public sealed class ClassificationAccumulator
{
    /// <summary>Most labels a model may have: 4,096.</summary>
    public const int MaximumLabels = 4096;

    private readonly ConfusionMatrix confusion;
    private readonly ProbabilityScores scores;
    private readonly ScoreCounts[] areas;

    /// <summary>Starts empty.</summary>
    /// <param name="labels">Number of labels of the model, 1 to <see cref="MaximumLabels"/>.</param>
    /// <param name="options">Calibration bins and threshold of abstention; the same for all that are merged.</param>
    /// <exception cref="ProblemException"><c>label-count</c>: more labels, or none.</exception>
    public ClassificationAccumulator(int labels, EvaluationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (labels is < 1 or > MaximumLabels)
        {
            throw new ProblemException("label-count", $"The model has {labels} labels; an evaluation needs 1 to {MaximumLabels}.");
        }

        confusion = new ConfusionMatrix(labels);
        scores = new ProbabilityScores(options);
        areas = [.. Enumerable.Range(0, labels).Select(_ => new ScoreCounts(labels))];
    }

    /// <summary>Records added.</summary>
    public long Count => confusion.Count;

    /// <summary>Adds a record. The prediction is the label of the largest probability, the first of equals.</summary>
    /// <param name="gold">Index of the true label.</param>
    /// <param name="probabilities">Probability of each label, in the model's order; each from 0 to 1 (1.001 is taken for 1).</param>
    /// <exception cref="ProblemException"><c>probabilities-invalid</c>: wrong length, not finite or outside 0..1; nothing is added.</exception>
    public void Add(int gold, ReadOnlySpan<float> probabilities)
    {
        if (Refusal(gold, probabilities) is { } problem)
        {
            throw new ProblemException(problem);
        }

        var best = Best(probabilities);
        confusion.Add(gold, best);
        scores.Add(gold, best, probabilities);
        for (var i = 0; i < areas.Length; i++)
        {
            // Adding zero turns a negative zero into a positive one, whose bits are in order.
            areas[i].Add(Math.Min(probabilities[i], 1f) + 0f, i == gold);
        }
    }

    /// <summary>Why a record cannot be added; <c>null</c> when it can.</summary>
    /// <param name="gold">Index of the true label.</param>
    /// <param name="probabilities">Probability of each label.</param>
    public Problem? Refusal(int gold, ReadOnlySpan<float> probabilities)
    {
        if (probabilities.Length != areas.Length)
        {
            return new Problem("probabilities-invalid", $"The prediction has {probabilities.Length} probabilities, but the model has {areas.Length} labels.");
        }

        if (gold < 0 || gold >= areas.Length)
        {
            return new Problem("label-out-of-range", $"The true label has index {gold}, but the model's labels end at {areas.Length - 1}.");
        }

        foreach (var probability in probabilities)
        {
            if (!(probability >= 0 && probability <= 1.001f))
            {
                return new Problem("probabilities-invalid", FormattableString.Invariant($"The prediction holds the probability {probability}; each must lie from 0 to 1."));
            }
        }

        return null;
    }

    /// <summary>Adds all that another has gathered.</summary>
    /// <param name="other">Made with as many labels and the same options.</param>
    /// <exception cref="ProblemException"><c>shards-differ</c>: it was not.</exception>
    public void Merge(ClassificationAccumulator other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.areas.Length != areas.Length || other.scores.BinCounts.Length != scores.BinCounts.Length)
        {
            throw new ProblemException("shards-differ", "Shards of evaluations with different labels or calibration bins cannot be merged.");
        }

        foreach (var (truth, predicted, count) in other.confusion.Cells())
        {
            confusion.Add(truth, predicted, count);
        }

        scores.Merge(other.scores);
        for (var i = 0; i < areas.Length; i++)
        {
            areas[i].Merge(other.areas[i]);
        }
    }

    /// <summary>For a shard's result.</summary>
    public ClassificationState ToState() => new()
    {
        Labels = areas.Length,
        Confusion = [.. confusion.Cells().SelectMany(cell => new[] { cell.Truth, cell.Predicted, cell.Count })],
        LogLoss = scores.LogLoss.Scaled,
        Brier = scores.Brier.Scaled,
        BinCounts = [.. scores.BinCounts],
        BinRight = [.. scores.BinRight],
        BinConfidence = [.. scores.BinConfidence.Select(sum => sum.Scaled)],
        ScoresRight = [.. scores.Right],
        ScoresWrong = [.. scores.Wrong],
        Abstained = scores.Abstained,
        AnsweredRight = scores.AnsweredRight,
        Scores = [.. areas.Select(area => area.ToState())],
    };

    /// <summary>From a shard's result.</summary>
    /// <param name="state">What <see cref="ToState"/> gave.</param>
    /// <param name="options">The options it was gathered with.</param>
    /// <exception cref="ProblemException"><c>shards-differ</c>: the state has another shape than the options say.</exception>
    public static ClassificationAccumulator FromState(ClassificationState state, EvaluationOptions options)
    {
        ArgumentNullException.ThrowIfNull(state);
        var result = new ClassificationAccumulator(state.Labels, options);
        var bins = result.scores.BinCounts.Length;
        if (state.Scores.Count != state.Labels || state.Confusion.Count % 3 != 0
            || state.BinCounts.Count != bins || state.BinRight.Count != bins || state.BinConfidence.Count != bins
            || state.ScoresRight.Count != ProbabilityScores.HistogramBins || state.ScoresWrong.Count != ProbabilityScores.HistogramBins)
        {
            throw new ProblemException("shards-differ", $"A shard's counts do not fit {state.Labels} labels and {bins} calibration bins.");
        }

        for (var i = 0; i < state.Confusion.Count; i += 3)
        {
            result.confusion.Add(checked((int)state.Confusion[i]), checked((int)state.Confusion[i + 1]), state.Confusion[i + 2]);
        }

        result.scores.LogLoss = new ExactSum(state.LogLoss);
        result.scores.Brier = new ExactSum(state.Brier);
        result.scores.Abstained = state.Abstained;
        result.scores.AnsweredRight = state.AnsweredRight;
        for (var i = 0; i < bins; i++)
        {
            result.scores.BinCounts[i] = state.BinCounts[i];
            result.scores.BinRight[i] = state.BinRight[i];
            result.scores.BinConfidence[i] = new ExactSum(state.BinConfidence[i]);
        }

        for (var i = 0; i < ProbabilityScores.HistogramBins; i++)
        {
            result.scores.Right[i] = state.ScoresRight[i];
            result.scores.Wrong[i] = state.ScoresWrong[i];
        }

        for (var i = 0; i < state.Labels; i++)
        {
            result.areas[i] = ScoreCounts.FromState(state.Scores[i], state.Labels);
        }

        return result;
    }

    /// <summary>The figures.</summary>
    /// <param name="labels">Label names in the model's order.</param>
    /// <param name="options">Confidence, resamples and seed.</param>
    public ClassificationMetrics Compute(IReadOnlyList<string> labels, EvaluationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new ClassificationReport(Named(labels), options, confusion, scores, areas).Metrics();
    }

    /// <summary>Sentences that a reader should know about these figures: what is undefined and by which convention it counts, what is estimated.</summary>
    /// <param name="labels">Label names in the model's order.</param>
    public IReadOnlyList<string> Notes(IReadOnlyList<string> labels) => ClassificationNotes.For(Named(labels), confusion, areas);

    private IReadOnlyList<string> Named(IReadOnlyList<string> labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        return labels.Count == areas.Length ? labels : throw new ArgumentException($"{labels.Count} names for {areas.Length} labels.", nameof(labels));
    }

    private static int Best(ReadOnlySpan<float> probabilities)
    {
        var best = 0;
        for (var i = 1; i < probabilities.Length; i++)
        {
            best = probabilities[i] > probabilities[best] ? i : best;
        }

        return best;
    }
}
