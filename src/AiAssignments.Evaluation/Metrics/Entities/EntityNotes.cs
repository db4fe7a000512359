namespace AiAssignments.Evaluation.Metrics.Entities;

/// <summary>Sentences about how entities were read and what is undefined.</summary>
internal static class EntityNotes
{
    /// <summary>The notes, in a fixed order.</summary>
    public static IReadOnlyList<string> For(EntityMode mode, TagScheme gold, bool recognized, TagScheme predicted, TagSchemeEvidence evidence, EntityTallyState tally)
    {
        var notes = new List<string>
        {
            $"Entities are matched as {mode.Name} does; the gold tags are {gold.Name} ({(recognized ? "recognized" : "given")}), the model's {predicted.Name}.",
        };
        if (gold != predicted)
        {
            notes.Add("Token accuracy and the token table compare tags written as IOB2 on both sides, since the two schemes differ.");
        }

        var broken = gold == TagScheme.Iob1 ? evidence.AgainstIob1 : gold == TagScheme.Iob2 ? evidence.AgainstIob2 : 0;
        if (broken > 0)
        {
            notes.Add($"{Number(broken)} gold {(broken == 1 ? "tag breaks" : "tags break")} {gold.Name}; {(mode.ReadsScheme ? "what the strict mode cannot read is no entity" : $"read as {mode.Name} does")}.");
        }

        for (var i = 0; i < tally.Types.Count; i++)
        {
            if (tally.TypeTotals[3 * i] == 0)
            {
                notes.Add($"Type '{tally.Types[i]}' is predicted but not in the data: recall is undefined (0/0) and counts as zero in macro averages, as in seqeval.");
            }
            else if (tally.TypeTotals[(3 * i) + 1] == 0)
            {
                notes.Add($"Type '{tally.Types[i]}' is in the data but never predicted: precision is undefined (0/0) and counts as zero in averages, as in seqeval.");
            }
        }

        if (tally.Types.Count == 0)
        {
            notes.Add("Neither the data nor the predictions hold an entity: precision, recall and F1 are undefined.");
        }

        if (tally.Collapsed)
        {
            notes.Add($"More than {Number(EntityTally.MaximumDistinct)} sentences differ in their entities: only micro averages have an interval.");
        }

        return notes;
    }

    private static string Number(long value) => FormattableString.Invariant($"{value:N0}");
}
