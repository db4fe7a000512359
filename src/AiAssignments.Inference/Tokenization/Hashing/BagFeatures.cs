using System.Runtime.CompilerServices;
using System.Text;
using AiAssignments.Core.Models;

namespace AiAssignments.Inference.Tokenization.Hashing;

/// <summary>
/// Features of a whole text, word by word: the word n-grams that end with the word (shortest first, joined with a blank, kind 1), then the character
/// n-grams of <c>&lt;word&gt;</c> by position and then by length (kind 2). Everything lower-cased. In the second text of a pair, kinds are 129 and 130.
/// </summary>
internal readonly struct BagFeatures
{
    /// <summary>Character n-grams come from this many scalar values at the start of a word; the word itself is hashed whole.</summary>
    private const int LongestSpelledWord = 64;
    private const byte WordKind = 1;
    private const byte SpellingKind = 2;
    private const byte SecondText = 128;

    private readonly HashedNGramOptions options;

    public BagFeatures(HashedNGramOptions options) => this.options = options;

    /// <summary>Appends the features of a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="second">Whether it is the second of a pair.</param>
    /// <param name="limit">Longest that <paramref name="encoding"/> may become.</param>
    /// <param name="wordId">Id of every word, or -1 to count them.</param>
    /// <param name="encoding">Appended to.</param>
    public void Append(ReadOnlySpan<char> text, bool second, int limit, int wordId, Encoding encoding)
    {
        var typeId = second ? 1 : 0;
        var wordKind = (byte)(second ? WordKind | SecondText : WordKind);
        var spellingKind = (byte)(second ? SpellingKind | SecondText : SpellingKind);

        // states[k] is the unfinished hash of the last k + 1 words; starts[k] is where the first of them begins.
        Span<ulong> states = stackalloc ulong[HashedNGramTokenizer.LongestWordNGram];
        Span<int> starts = stackalloc int[HashedNGramTokenizer.LongestWordNGram];
        var scanner = new WordScanner(text);
        for (var count = 0; scanner.Next(); count++)
        {
            var id = wordId < 0 ? count : wordId;
            var length = Math.Min(count + 1, options.WordNGrams);
            for (var k = length - 1; k >= 0; k--)
            {
                var state = k == 0 ? FeatureHash.Start(wordKind) : FeatureHash.Byte(states[k - 1], (byte)' ');
                states[k] = FeatureHash.Lower(state, scanner.Word);
                starts[k] = k == 0 ? scanner.Start : starts[k - 1];
            }

            for (var k = 0; k < length; k++)
            {
                if (encoding.Count >= limit)
                {
                    encoding.Truncated = true;
                    return;
                }

                encoding.Add(FeatureHash.Id(states[k], options.Buckets), typeId, id, starts[k], scanner.End);
            }

            if (options.CharNGramMin > 0 && !AppendSpelling(scanner.Word, scanner.Start, spellingKind, typeId, limit, id, encoding))
            {
                return;
            }
        }
    }

    // The buffers are written before they are read, and would be cleared for every word otherwise.
    [SkipLocalsInit]
    private bool AppendSpelling(ReadOnlySpan<char> word, int start, byte kind, int typeId, int limit, int wordId, Encoding encoding)
    {
        Span<byte> utf8 = stackalloc byte[(LongestSpelledWord * 4) + 2];
        Span<int> edges = stackalloc int[LongestSpelledWord + 3];
        var scalars = Spell(word, utf8, edges);
        var seed = FeatureHash.Start(kind);
        var buckets = options.Buckets;
        var shortest = options.CharNGramMin;
        var longest = options.CharNGramMax;
        for (var i = 0; i + shortest <= scalars; i++)
        {
            var state = seed;
            var most = Math.Min(longest, scalars - i);
            for (var n = 1; n <= most; n++)
            {
                for (var b = edges[i + n - 1]; b < edges[i + n]; b++)
                {
                    state = FeatureHash.Byte(state, utf8[b]);
                }

                if (n < shortest)
                {
                    continue;
                }

                if (encoding.Count >= limit)
                {
                    encoding.Truncated = true;
                    return false;
                }

                // The marks at both ends have no place in the text.
                encoding.Add(FeatureHash.Id(state, buckets), typeId, wordId, start + Math.Max(0, i - 1), start + Math.Min(scalars - 2, i + n - 1));
            }
        }

        return true;
    }

    private static int Spell(ReadOnlySpan<char> word, Span<byte> utf8, Span<int> edges)
    {
        utf8[0] = (byte)'<';
        edges[0] = 0;
        edges[1] = 1;
        var count = 1;
        var length = 1;
        for (var i = 0; i < word.Length && count <= LongestSpelledWord; i++)
        {
            var c = word[i];
            if (c < 128)
            {
                utf8[length++] = FeatureHash.LowerAscii(c);
            }
            else
            {
                Rune.DecodeFromUtf16(word[i..], out var rune, out var used);
                length += Rune.ToLowerInvariant(rune).EncodeToUtf8(utf8[length..]);
                i += used - 1;
            }

            edges[++count] = length;
        }

        utf8[length++] = (byte)'>';
        edges[++count] = length;
        return count;
    }
}
