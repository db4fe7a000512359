using AiAssignments.Inference.Tokenization.Text;
using AiAssignments.Inference.Tokenization.Unicode;

namespace AiAssignments.Inference.Tokenization.Normalizers;

/// <summary>Drops white space at the ends.</summary>
internal sealed class StripNormalizer(bool left, bool right) : INormalizer
{
    public void Normalize(AlignedText text, AlignedText scratch)
    {
        var tables = UnicodeTables.Instance;
        var points = text.CodePoints;
        var first = 0;
        var end = points.Length;
        while (left && first < end && (tables[points[first]] & CharacterFlags.WhiteSpace) != 0)
        {
            first++;
        }

        while (right && end > first && (tables[points[end - 1]] & CharacterFlags.WhiteSpace) != 0)
        {
            end--;
        }

        text.Keep(first, end - first);
    }
}
