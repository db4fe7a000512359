namespace AiAssignments.Evaluation.Metrics.Classification;

/// <summary>Sentences about undefined and estimated figures.</summary>
internal static class ClassificationNotes
{
    private const int NamesShown = 5;
    private const int FewRecords = 30;

    /// <summary>The notes, in a fixed order.</summary>
    public static IReadOnlyList<string> For(IReadOnlyList<string> labels, ConfusionMatrix confusion, IReadOnlyList<ScoreCounts> areas)
    {
        if (confusion.Count == 0)
        {
            return ["No record with a label was scored: all figures are undefined."];
        }

        var (support, predicted, _) = confusion.Margins();
        var counts = new ClassCounts(support, predicted, support);
        var notes = new List<string>();
        var indices = Enumerable.Range(0, labels.Count).ToList();
        Say(notes, Where(i => support[i] == 0 && predicted[i] == 0), "neither in the data nor in the predictions: left out of macro averages, as scikit-learn does");
        Say(notes, Where(i => support[i] == 0 && predicted[i] > 0), "in the predictions but not in the data: recall is undefined (0/0) and counts as zero in macro averages");
        Say(notes, Where(i => support[i] > 0 && predicted[i] == 0), "in the data but never predicted: precision is undefined (0/0) and counts as zero in averages");
        var present = support.Count(n => n > 0);
        if (present == 1)
        {
            notes.Add($"All records have the label {Quote(labels[indices.First(i => support[i] > 0)])}: ROC AUC is undefined, and accuracy says nothing about the other labels.");
        }
        else if (labels.Count > 2 && present < labels.Count)
        {
            notes.Add($"ROC AUC is the mean over the {present} labels that occur in the data; of the others it is undefined.");
        }

        if (counts.Mcc() is null)
        {
            notes.Add("Matthews correlation is undefined (0/0): truth or predictions are all of one label. By scikit-learn's convention it would count as zero.");
        }

        if (counts.CohenKappa() is null)
        {
            notes.Add("Cohen's kappa is undefined (0/0): truth and predictions are all of the same label.");
        }

        Say(notes, Where(i => support[i] is > 0 and < FewRecords), $"in fewer than {FewRecords} records: their figures are uncertain, and a bootstrap interval can be too narrow");
        var binned = areas.Where(area => area.Binned).Select(area => area.Area().Error).ToList();
        if (binned.Count > 0)
        {
            notes.Add(FormattableString.Invariant($"ROC AUC of {binned.Count} of {labels.Count} labels is computed from binned scores, since a label has more than {ScoreCounts.LimitFor(labels.Count):N0} distinct ones; it is off by at most {binned.Max():G2}."));
        }

        return notes;

        List<string> Where(Func<int, bool> condition) => [.. indices.Where(condition).Select(i => labels[i])];
    }

    private static void Say(List<string> notes, List<string> names, string what)
    {
        if (names.Count > 0)
        {
            var more = names.Count > NamesShown ? $" and {names.Count - NamesShown} more" : string.Empty;
            var subject = names.Count == 1 ? "Label" : "Labels";
            var verb = names.Count == 1 ? "occurs" : "occur";
            notes.Add($"{subject} {string.Join(", ", names.Take(NamesShown).Select(Quote))}{more} {verb} {what}.");
        }
    }

    private static string Quote(string label) => $"'{label}'";
}
