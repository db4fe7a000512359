using System.Globalization;
using System.Text;

namespace AiAssignments.Inference.Tokenization.Hashing;

/// <summary>
/// Features of one word for a tagger, in this order (kinds 16, 17, ...): the word lower-cased; as it stands; its shape; its prefixes of 1, 2, 3 and suffixes
/// of 1, 2, 3, 4 scalar values; flags; the words before and after; their shapes; the pairs (before, word) and (word, after); the word lower-cased with every
/// digit as 0; the shapes before, of and after the word together. A word too short for a prefix or suffix gives 0 there. Beyond a sentence's ends the
/// neighbour is empty. A shape writes upper-case letters as <c>X</c>, other letters as <c>x</c>, digits as <c>d</c>, anything else as it is, and cuts runs to three.
/// </summary>
internal static class TaggerFeatures
{
    /// <summary>Features that there are; further ids of a word are 0.</summary>
    public const int Count = 18;

    private const byte FirstKind = 16;
    private const int LongestAffix = 4;
    private const int LongestRun = 3;

    /// <summary>Computes the features of a word.</summary>
    /// <param name="before">The word before; empty for none.</param>
    /// <param name="word">The word.</param>
    /// <param name="after">The word after; empty for none.</param>
    /// <param name="isFirst">It begins its sentence.</param>
    /// <param name="isUpperSentence">The sentence has no lower-case letter.</param>
    /// <param name="buckets">Number of ids.</param>
    /// <param name="ids">Receives <see cref="Count"/> ids.</param>
    public static void Compute(
        ReadOnlySpan<char> before, ReadOnlySpan<char> word, ReadOnlySpan<char> after, bool isFirst, bool isUpperSentence, int buckets, Span<int> ids)
    {
        Span<int> prefixes = stackalloc int[LongestAffix + 1];
        Span<int> suffixes = stackalloc int[LongestAffix + 1];
        var scalars = Affixes(word, prefixes, suffixes);

        ids[0] = FeatureHash.Id(FeatureHash.Lower(Kind(0), word), buckets);
        ids[1] = FeatureHash.Id(FeatureHash.Exact(Kind(1), word), buckets);
        ids[2] = FeatureHash.Id(Shape(Kind(2), word), buckets);
        for (var n = 1; n <= 3; n++)
        {
            ids[2 + n] = scalars >= n ? FeatureHash.Id(FeatureHash.Lower(Kind(2 + n), word[..prefixes[n]]), buckets) : 0;
        }

        for (var n = 1; n <= LongestAffix; n++)
        {
            ids[5 + n] = scalars >= n ? FeatureHash.Id(FeatureHash.Lower(Kind(5 + n), word[suffixes[n]..]), buckets) : 0;
        }

        ids[10] = FeatureHash.Id(FeatureHash.Byte(Kind(10), Flags(word, isFirst, isUpperSentence)), buckets);
        ids[11] = FeatureHash.Id(FeatureHash.Lower(Kind(11), before), buckets);
        ids[12] = FeatureHash.Id(FeatureHash.Lower(Kind(12), after), buckets);
        ids[13] = FeatureHash.Id(Shape(Shape(Kind(13), before, ' '), after), buckets);
        ids[14] = FeatureHash.Id(FeatureHash.Lower(FeatureHash.Byte(FeatureHash.Lower(Kind(14), before), (byte)' '), word), buckets);
        ids[15] = FeatureHash.Id(FeatureHash.Lower(FeatureHash.Byte(FeatureHash.Lower(Kind(15), word), (byte)' '), after), buckets);
        ids[16] = FeatureHash.Id(Digitless(Kind(16), word), buckets);
        ids[17] = FeatureHash.Id(Shape(Shape(Shape(Kind(17), before, ' '), word, ' '), after), buckets);
    }

    /// <summary>Whether a text has a lower-case letter.</summary>
    public static bool HasLower(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (char.IsLower(c))
            {
                return true;
            }
        }

        return false;
    }

    private static ulong Kind(int feature) => FeatureHash.Start((byte)(FirstKind + feature));

    // Bits: first of its sentence, capital at its start, no lower-case letter, a digit, a hyphen, sentence in capitals.
    private static byte Flags(ReadOnlySpan<char> word, bool isFirst, bool isUpperSentence)
    {
        var flags = isFirst ? 1 : 0;
        flags |= word.Length > 0 && char.IsUpper(word[0]) ? 2 : 0;
        flags |= HasLower(word) ? 0 : 4;
        flags |= word.IndexOfAnyInRange('0', '9') >= 0 ? 8 : 0;
        flags |= word.Contains('-') ? 16 : 0;
        flags |= isUpperSentence ? 32 : 0;
        return (byte)flags;
    }

    private static int Affixes(ReadOnlySpan<char> word, Span<int> prefixes, Span<int> suffixes)
    {
        var scalars = 0;
        for (var i = 0; i < word.Length && scalars < LongestAffix;)
        {
            Rune.DecodeFromUtf16(word[i..], out _, out var used);
            i += used;
            prefixes[++scalars] = i;
        }

        var count = 0;
        for (var i = word.Length; i > 0 && count < LongestAffix;)
        {
            Rune.DecodeLastFromUtf16(word[..i], out _, out var used);
            i -= used;
            suffixes[++count] = i;
        }

        return scalars;
    }

    private static ulong Shape(ulong state, ReadOnlySpan<char> word, char then)
    {
        return FeatureHash.Byte(Shape(state, word), (byte)then);
    }

    private static ulong Shape(ulong state, ReadOnlySpan<char> word)
    {
        var last = default(Rune);
        var run = 0;
        for (var i = 0; i < word.Length;)
        {
            Rune.DecodeFromUtf16(word[i..], out var rune, out var used);
            i += used;
            var shape = ShapeOf(rune);
            run = shape == last ? run + 1 : 1;
            last = shape;
            if (run <= LongestRun)
            {
                state = FeatureHash.Scalar(state, shape);
            }
        }

        return state;
    }

    private static Rune ShapeOf(Rune rune) =>
        Rune.IsUpper(rune) || Rune.GetUnicodeCategory(rune) == UnicodeCategory.TitlecaseLetter ? new Rune('X')
        : Rune.IsLetter(rune) ? new Rune('x')
        : Rune.IsDigit(rune) ? new Rune('d')
        : rune;

    private static ulong Digitless(ulong state, ReadOnlySpan<char> word)
    {
        for (var i = 0; i < word.Length;)
        {
            Rune.DecodeFromUtf16(word[i..], out var rune, out var used);
            i += used;
            state = FeatureHash.Scalar(state, Rune.IsDigit(rune) ? new Rune('0') : Rune.ToLowerInvariant(rune));
        }

        return state;
    }
}
