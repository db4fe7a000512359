using System.Text;

namespace AiAssignments.Inference.Tokenization.Text;

/// <summary>The original text as Unicode scalar values: the unit that offsets count.</summary>
internal sealed class ScalarText
{
    private int[] scalars = new int[256];

    public int Count { get; private set; }

    public ReadOnlySpan<int> Scalars => scalars.AsSpan(0, Count);

    /// <summary>Replaces the text. An unpaired surrogate becomes U+FFFD, which is how the reference gets it too.</summary>
    public void Set(ReadOnlySpan<char> text)
    {
        if (text.Length > scalars.Length)
        {
            scalars = new int[Math.Max(text.Length, (int)Math.Min(scalars.Length * 2L, Array.MaxLength))];
        }

        Count = Decode(text, scalars);
    }

    /// <summary>Lets go of an array that one huge text made grow.</summary>
    public void Trim()
    {
        if (scalars.Length > 1 << 20)
        {
            scalars = new int[256];
            Count = 0;
        }
    }

    /// <summary>The scalar values of a string.</summary>
    public static int[] Of(string text)
    {
        var scalars = new int[text.Length];
        return scalars.AsSpan(0, Decode(text, scalars)).ToArray();
    }

    private static int Decode(ReadOnlySpan<char> text, Span<int> scalars)
    {
        var count = 0;
        for (var i = 0; i < text.Length; i++)
        {
            int c = text[i];
            if ((c & 0xF800) == 0xD800)
            {
                if (i + 1 < text.Length && char.IsSurrogatePair((char)c, text[i + 1]))
                {
                    c = char.ConvertToUtf32((char)c, text[++i]);
                }
                else
                {
                    c = Rune.ReplacementChar.Value;
                }
            }

            scalars[count++] = c;
        }

        return count;
    }
}
