using AiAssignments.Core.Errors;
using AiAssignments.Evaluation.Results;

namespace AiAssignments.Evaluation.Metrics.Comparison;

/// <summary>
/// Compares two evaluations record by record. Accuracy: McNemar's exact test with Newcombe's paired interval. Macro F1 and entity F1: the
/// paired bootstrap, which resamples records (within true classes; sentences for a tagging) with both models' predictions together.
/// </summary>
public static class PairedComparison
{
    /// <summary>Compares B with A, by the options (confidence, resamples, seed) of A.</summary>
    /// <param name="a">The baseline's result.</param>
    /// <param name="rowsA">Its predictions, by rising record.</param>
    /// <param name="b">The other's result.</param>
    /// <param name="rowsB">Its predictions, by rising record.</param>
    /// <param name="cancellationToken">Stops between rows.</param>
    /// <returns>The comparison. Rows of one evaluation alone, and rows without a label, are left out and counted in its notes.</returns>
    /// <exception cref="ProblemException">
    /// <c>comparison-tasks-differ</c>: a tagging against a classification, or different entity modes or gold schemes;
    /// <c>comparison-labels-differ</c>: a record's true labels are not the same; <c>rows-unordered</c>: records do not rise.
    /// </exception>
    public static async Task<ComparisonResult> CompareAsync(
        EvaluationResult a,
        IAsyncEnumerable<PredictionRow> rowsA,
        EvaluationResult b,
        IAsyncEnumerable<PredictionRow> rowsB,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        var pairs = PairsFor(a, b);
        var joined = new JoinedRows(rowsA, rowsB);
        var unlabelled = 0L;
        await foreach (var (left, right) in joined.Pairs(cancellationToken).ConfigureAwait(false))
        {
            unlabelled += pairs.Add(left, right) ? 0 : 1;
        }

        var outcomes = pairs.Outcomes;
        var differences = pairs.Differences(a.Options);
        return new ComparisonResult
        {
            A = a,
            B = b,
            Paired = outcomes.Count,
            BothRight = outcomes.Both,
            OnlyA = outcomes.OnlyA,
            OnlyB = outcomes.OnlyB,
            BothWrong = outcomes.Neither,
            Differences = differences,
            Verdict = Verdicts.For(differences[0], outcomes.Count, a.Options.Confidence),
            Notes = Notes(a, b, joined, unlabelled),
        };
    }

    private static IPairs PairsFor(EvaluationResult a, EvaluationResult b)
    {
        if (a.Classification is not null && b.Classification is not null)
        {
            return new ClassificationPairs();
        }

        if (a.Entities is { } left && b.Entities is { } right)
        {
            return left.Mode == right.Mode && left.Scheme == right.Scheme
                ? new EntityPairs(left, right)
                : throw new ProblemException("comparison-tasks-differ", $"A was read as {left.Mode} with {left.Scheme} tags, B as {right.Mode} with {right.Scheme}; evaluate both in the same way.");
        }

        throw new ProblemException("comparison-tasks-differ", "A tagging and a classification cannot be compared.");
    }

    private static List<string> Notes(EvaluationResult a, EvaluationResult b, JoinedRows joined, long unlabelled)
    {
        var notes = new List<string>();
        if (a.Dataset.ContentHash != b.Dataset.ContentHash)
        {
            notes.Add("The two evaluations are on different files; records are paired by their number.");
        }

        Count(joined.OnlyInA, "scored in A alone");
        Count(joined.OnlyInB, "scored in B alone");
        Count(unlabelled, "without a label");
        return notes;

        void Count(long records, string what)
        {
            if (records > 0)
            {
                notes.Add(FormattableString.Invariant($"Records {what}, left out: {records:N0}."));
            }
        }
    }
}
