using AiAssignments.Inference.Tokenization.Unicode;

namespace AiAssignments.Inference.Tokenization.Normalizers;

/// <summary>The canonical composition algorithm (Unicode Standard Annex 15), which also adds up what the parts do to the old text.</summary>
internal static class Composition
{
    /// <summary>Composes a text in canonical order.</summary>
    /// <param name="from">The decomposed text.</param>
    /// <param name="to">Receives the composed one.</param>
    /// <param name="tables">The character facts.</param>
    public static void Compose(ChangeList from, ChangeList to, UnicodeTables tables)
    {
        var i = 0;
        for (; i < from.Count && from.Ranks[i] != 0; i++)
        {
            to.Add(from.CodePoints[i], from.Changes[i], 0);
        }

        while (i < from.Count)
        {
            i = ComposeStarter(from, i, to, tables);
        }
    }

    // A starter takes in what follows it until another starter that does not combine; marks left over follow it.
    private static int ComposeStarter(ChangeList from, int first, ChangeList to, UnicodeTables tables)
    {
        var starter = from.CodePoints[first];
        var change = from.Changes[first];
        var place = to.Count;
        to.Add(starter, change, 0);
        var lastRank = -1;
        var i = first + 1;
        for (; i < from.Count; i++)
        {
            var rank = from.Ranks[i];
            var composed = lastRank < 0 || lastRank < rank ? tables.Compose(starter, from.CodePoints[i]) : -1;
            if (composed >= 0)
            {
                starter = composed;
                change += from.Changes[i] - 1;
                continue;
            }

            if (rank == 0)
            {
                break;
            }

            to.Add(from.CodePoints[i], from.Changes[i], 0);
            lastRank = rank;
        }

        to.Replace(place, starter, change);
        return i;
    }
}
