using AiAssignments.Core.Errors;
using AiAssignments.Core.Models;

namespace AiAssignments.Inference.Tokenization.Hashing;

/// <summary>
/// The tokenizer kind <c>hashed-ngrams</c> of this project's sample models: features hashed to ids 1..buckets - 1, 0 being padding (Weinberger et al.,
/// "Feature Hashing for Large Scale Multitask Learning", 2009). Without <see cref="HashedNGramOptions.IdsPerWord"/> a text is a bag of word and character
/// n-grams; with it each word gives exactly that many ids for a tagger. Case is folded by Unicode's simple mapping, without the system's ICU.
/// </summary>
/// <remarks>
/// An id is <c>1 + ((mix(h) >> 32) * (buckets - 1) >> 32)</c>, where <c>h</c> is FNV-1a (64 bits) over a byte for the kind of feature and the feature's UTF-8
/// bytes, and <c>mix</c> is MurmurHash3's <c>fmix64</c>. Words are runs of letters, digits and marks; any other visible character is a word; <c>n't</c> and
/// clitics such as <c>'s</c> are words. Bag: word n-grams are kind 1 (joined by a blank), character n-grams of <c>&lt;word&gt;</c> kind 2, each plus 128 in the
/// second text of a pair. Tagger: kinds 16 to 33, see the features' own description. Offsets count scalar values.
/// </remarks>
public sealed class HashedNGramTokenizer : ITokenizer
{
    internal const int LongestWordNGram = 5;
    private const int LongestCharNGram = 8;
    private const int MostBuckets = 1 << 26;
    private const int MostIdsPerWord = 64;

    private readonly HashedNGramOptions options;
    private readonly BagFeatures bag;

    /// <summary>Checks and takes the options.</summary>
    /// <param name="options">
    /// Buckets 2..2^26; word n-grams 0..5; character n-grams 0 (none) or 1..8, the shortest not above the longest; ids a word 0 (a bag) or 1..64.
    /// </param>
    /// <exception cref="ProblemException"><c>tokenizer-options-invalid</c>.</exception>
    public HashedNGramTokenizer(HashedNGramOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Check(options.Buckets is >= 2 and <= MostBuckets, "buckets", options.Buckets, $"2 to {MostBuckets}");
        Check(options.WordNGrams is >= 0 and <= LongestWordNGram, "wordNGrams", options.WordNGrams, $"0 to {LongestWordNGram}");
        Check(options.CharNGramMin is >= 0 and <= LongestCharNGram, "charNGramMin", options.CharNGramMin, $"0 to {LongestCharNGram}");
        Check(
            options.CharNGramMin == 0 || (options.CharNGramMax >= options.CharNGramMin && options.CharNGramMax <= LongestCharNGram),
            "charNGramMax",
            options.CharNGramMax,
            $"charNGramMin to {LongestCharNGram}");
        Check(options.IdsPerWord is >= 0 and <= MostIdsPerWord, "idsPerWord", options.IdsPerWord, $"0 to {MostIdsPerWord}");
        Check(options.IdsPerWord > 0 || options.WordNGrams > 0 || options.CharNGramMin > 0, "wordNGrams", 0, "1 or more where charNGramMin is 0");
        this.options = options;
        bag = new BagFeatures(options);
    }

    /// <inheritdoc />
    public int PadId => 0;

    /// <inheritdoc />
    public int IdsPerPosition => Math.Max(1, options.IdsPerWord);

    /// <inheritdoc />
    public int SpecialTokens => 0;

    /// <inheritdoc />
    /// <remarks>A tagger's tokenizer splits the text into words itself, keeps whole words only, and takes no pair.</remarks>
    public void Encode(ReadOnlySpan<char> text, ReadOnlySpan<char> pair, bool hasPair, int maxLength, Encoding encoding)
    {
        ArgumentNullException.ThrowIfNull(encoding);
        ArgumentOutOfRangeException.ThrowIfNegative(maxLength);
        encoding.Clear();
        if (options.IdsPerWord > 0)
        {
            if (hasPair)
            {
                throw new ProblemException("tokenizer-no-pairs", "A tokenizer with idsPerWord tags the words of one text; it was given a pair.");
            }

            EncodeForTagger(text, maxLength, encoding);
            return;
        }

        bag.Append(text, second: false, maxLength, wordId: -1, encoding);
        if (!hasPair)
        {
            return;
        }

        var first = encoding.Count;
        var cut = encoding.Truncated;
        bag.Append(pair, second: true, first + maxLength, wordId: -1, encoding);
        var second = encoding.Count - first;
        if (first + second <= maxLength && !cut)
        {
            return;
        }

        // Longest first: the shorter keeps all it has, up to half of the room.
        var shorter = Math.Min(Math.Min(first, second), maxLength / 2);
        encoding.Clear();
        bag.Append(text, second: false, first <= second ? shorter : maxLength - shorter, wordId: -1, encoding);
        bag.Append(pair, second: true, maxLength, wordId: -1, encoding);
        encoding.Truncated = true;
    }

    /// <inheritdoc />
    public void EncodeWords(IReadOnlyList<string> words, Encoding encoding)
    {
        ArgumentNullException.ThrowIfNull(words);
        ArgumentNullException.ThrowIfNull(encoding);
        encoding.Clear();
        var isUpper = options.IdsPerWord > 0 && !words.Any(word => TaggerFeatures.HasLower(word));
        for (var i = 0; i < words.Count; i++)
        {
            if (options.IdsPerWord == 0)
            {
                bag.Append(words[i], second: false, int.MaxValue, i, encoding);
                continue;
            }

            var before = i > 0 ? words[i - 1] : string.Empty;
            var after = i + 1 < words.Count ? words[i + 1] : string.Empty;
            AppendWord(before, words[i], after, i, 0, CountScalars(words[i]), isUpper, encoding);
        }
    }

    private void EncodeForTagger(ReadOnlySpan<char> text, int maxLength, Encoding encoding)
    {
        var isUpper = !TaggerFeatures.HasLower(text);
        var before = ReadOnlySpan<char>.Empty;
        var scanner = new WordScanner(text);
        var has = scanner.Next();
        for (var i = 0; has; i++)
        {
            if (encoding.Count + options.IdsPerWord > maxLength)
            {
                encoding.Truncated = true;
                return;
            }

            var word = scanner.Word;
            var start = scanner.Start;
            var end = scanner.End;
            has = scanner.Next();
            AppendWord(before, word, has ? scanner.Word : default, i, start, end, isUpper, encoding);
            before = word;
        }
    }

    private void AppendWord(
        ReadOnlySpan<char> before, ReadOnlySpan<char> word, ReadOnlySpan<char> after, int wordId, int start, int end, bool isUpper, Encoding encoding)
    {
        Span<int> ids = stackalloc int[MostIdsPerWord];
        ids[TaggerFeatures.Count..].Clear();
        TaggerFeatures.Compute(before, word, after, wordId == 0, isUpper, options.Buckets, ids);
        foreach (var id in ids[..options.IdsPerWord])
        {
            encoding.Add(id, 0, wordId, start, end);
        }
    }

    private static int CountScalars(string word)
    {
        var count = word.Length;
        for (var i = 1; i < word.Length; i++)
        {
            count -= char.IsSurrogatePair(word[i - 1], word[i]) ? 1 : 0;
        }

        return count;
    }

    private static void Check(bool holds, string name, int value, string allowed)
    {
        if (!holds)
        {
            throw new ProblemException("tokenizer-options-invalid", $"hashedNGrams.{name} is {value}; allowed is {allowed}.");
        }
    }
}
