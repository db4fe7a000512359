using AiAssignments.Inference.Tokenization.Text;
using AiAssignments.Inference.Tokenization.Unicode;

namespace AiAssignments.Inference.Tokenization.Normalizers;

/// <summary>Lower-cases each character by itself (no final sigma).</summary>
internal sealed class LowercaseNormalizer : INormalizer
{
    public void Normalize(AlignedText text, AlignedText scratch) => Apply(text, scratch);

    public static void Apply(AlignedText text, AlignedText scratch)
    {
        var tables = UnicodeTables.Instance;
        var points = text.Mutable;
        for (var i = 0; i < points.Length; i++)
        {
            if ((tables[points[i]] & CharacterFlags.Cased) != 0)
            {
                var lower = tables.Lower[points[i]];
                if (lower.Length != 1)
                {
                    Expand(text, scratch, tables);
                    return;
                }

                points[i] = lower[0];
            }
        }
    }

    // Lower-casing twice is harmless, so the characters that are done already need no care.
    private static void Expand(AlignedText text, AlignedText scratch, UnicodeTables tables)
    {
        var cursor = new AlignmentCursor(text, scratch);
        foreach (var point in text.CodePoints)
        {
            if ((tables[point] & CharacterFlags.Cased) == 0)
            {
                cursor.Place(point, 0);
                continue;
            }

            var change = 0;
            foreach (var lower in tables.Lower[point])
            {
                cursor.Place(lower, change);
                change = 1;
            }
        }

        text.Swap(scratch);
        scratch.Clear();
    }
}
