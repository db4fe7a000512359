using AiAssignments.Core.Evaluations;
using AiAssignments.Evaluation.Results;

namespace AiAssignments.Evaluation.Metrics.Comparison;

/// <summary>Gathers pairs of predictions of one task.</summary>
internal interface IPairs
{
    /// <summary>Who was right.</summary>
    PairOutcomes Outcomes { get; }

    /// <summary>Counts a pair.</summary>
    /// <returns>Whether it has a label; without one it is not counted.</returns>
    /// <exception cref="Core.Errors.ProblemException"><c>comparison-labels-differ</c>: the two rows have different true labels.</exception>
    bool Add(PredictionRow a, PredictionRow b);

    /// <summary>The differences; the first is the one that a verdict is about.</summary>
    IReadOnlyList<PairedDifference> Differences(EvaluationOptions options);
}
