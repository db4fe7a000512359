using AiAssignments.Inference.Tokenization.Text;
using AiAssignments.Inference.Tokenization.Unicode;

namespace AiAssignments.Inference.Tokenization.Normalizers;

/// <summary>Normalization forms C, D, KC and KD (Unicode Standard Annex 15) with the reference's alignments.</summary>
internal sealed class UnicodeNormalizer(UnicodeForm form) : INormalizer
{
    [ThreadStatic]
    private static ChangeList? decomposed;

    [ThreadStatic]
    private static ChangeList? composed;

    private readonly bool compatibility = form is UnicodeForm.Nfkc or UnicodeForm.Nfkd;
    private readonly bool compose = form is UnicodeForm.Nfc or UnicodeForm.Nfkc;

    public void Normalize(AlignedText text, AlignedText scratch)
    {
        var tables = UnicodeTables.Instance;
        if (IsNormalized(text.CodePoints, tables))
        {
            return;
        }

        var changes = decomposed ??= new ChangeList();
        changes.Clear();
        Decompose(text.CodePoints, tables, changes);
        if (compose)
        {
            var result = composed ??= new ChangeList();
            result.Clear();
            Composition.Compose(changes, result, tables);
            changes.Trim();
            changes = result;
        }

        var cursor = new AlignmentCursor(text, scratch);
        for (var i = 0; i < changes.Count; i++)
        {
            cursor.Place(changes.CodePoints[i], changes.Changes[i]);
        }

        changes.Trim();
        text.Swap(scratch);
        scratch.Clear();
    }

    // Below U+0300 nothing combines with what comes before it, so such texts only need a look at their own decompositions.
    private bool IsNormalized(ReadOnlySpan<int> points, UnicodeTables tables)
    {
        var telling = CharacterFlags.Reordered | (compatibility ? CharacterFlags.Compatibility : 0) | (compose ? 0 : CharacterFlags.Canonical);
        foreach (var point in points)
        {
            if (point >= 0x80 && ((tables[point] & telling) != 0 || (compose && point >= 0x300)))
            {
                return false;
            }
        }

        return true;
    }

    private void Decompose(ReadOnlySpan<int> points, UnicodeTables tables, ChangeList changes)
    {
        Span<int> parts = stackalloc int[3];
        foreach (var point in points)
        {
            var flags = tables[point];
            if (compatibility && (flags & CharacterFlags.Compatibility) != 0)
            {
                changes.AddAll(tables.Compatibility[point], tables);
            }
            else if ((flags & CharacterFlags.Canonical) == 0)
            {
                changes.Add(point, 0, tables.RankOf(point));
            }
            else if (Hangul.IsSyllable(point))
            {
                changes.AddAll(parts[..Hangul.Decompose(point, parts)], tables);
            }
            else
            {
                changes.AddAll(tables.Canonical[point], tables);
            }
        }

        changes.SortPending();
    }
}
