using AiAssignments.Core.Errors;
using AiAssignments.Evaluation.Metrics.Comparison;

namespace AiAssignments.Pipeline.Comparisons;

/// <summary>Compares two finished evaluations on the same records.</summary>
public static class Comparer
{
    /// <summary>Streams both sides' predictions in step and tests the difference.</summary>
    /// <param name="a">The baseline.</param>
    /// <param name="b">The other one.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="ProblemException"><c>comparison-datasets-differ</c>: they were not made of the same dataset.</exception>
    public static async Task<Comparison> CompareAsync(EvaluatedSide a, EvaluatedSide b, CancellationToken cancellationToken)
    {
        var left = await a.ResultAsync(cancellationToken).ConfigureAwait(false);
        var right = await b.ResultAsync(cancellationToken).ConfigureAwait(false);
        if (left.Dataset.ContentHash != right.Dataset.ContentHash)
        {
            throw new ProblemException(
                "comparison-datasets-differ",
                $"A was scored on {left.Dataset.Name} ({left.Dataset.ContentHash}) and B on {right.Dataset.Name} ({right.Dataset.ContentHash}); a paired test needs the same records.");
        }

        var result = await PairedComparison.CompareAsync(left, a.RowsAsync(cancellationToken), right, b.RowsAsync(cancellationToken), cancellationToken).ConfigureAwait(false);
        return new Comparison(result);
    }
}
