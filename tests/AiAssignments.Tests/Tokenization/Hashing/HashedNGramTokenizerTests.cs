using AiAssignments.Core.Errors;
using AiAssignments.Core.Models;
using AiAssignments.Inference.Tokenization;
using AiAssignments.Inference.Tokenization.Hashing;
using FsCheck.Xunit;

namespace AiAssignments.Tests.Tokenization.Hashing;

/// <summary>Golden ids come from an independent implementation of the documented hash in Python (FNV-1a 64, fmix64, scaling; str.lower).</summary>
public class HashedNGramTokenizerTests
{
    [Fact]
    public void A_bag_has_the_golden_ids()
    {
        var encoding = Encode(new HashedNGramOptions(1000, 2, 3, 4), "Don't CAFÉ!");

        Assert.Equal(
            [414, 258, 427, 57, 733, 139, 767, 735, 433, 709, 437, 837, 842, 762, 398, 671, 239, 298, 85, 734, 691, 22, 113],
            encoding.Ids.ToArray());
        Assert.All(encoding.TypeIds.ToArray(), type => Assert.Equal(0, type));
        Assert.Equal([0, 0, 0, 0], encoding.WordIds[..4].ToArray());
        Assert.Equal(3, encoding.WordIds[^1]);
    }

    [Fact]
    public void Characters_beyond_the_basic_plane_count_once()
    {
        var encoding = Encode(new HashedNGramOptions(65536, 1, 2, 2), "\U0001F44D ok");

        Assert.Equal([31672, 45480, 35955, 54535, 64575, 23399, 10655], encoding.Ids.ToArray());
        Assert.Equal([0, 0, 0, 2, 2, 2, 3], encoding.Starts.ToArray());
        Assert.Equal([1, 1, 1, 4, 3, 4, 4], encoding.Ends.ToArray());
    }

    [Fact]
    public void The_second_text_of_a_pair_has_ids_of_its_own()
    {
        var encoding = new Encoding();
        new HashedNGramTokenizer(new HashedNGramOptions(1000, 1, 0, 0)).Encode("good", "good", true, 10, encoding);

        Assert.Equal([932, 493], encoding.Ids.ToArray());
        Assert.Equal([0, 1], encoding.TypeIds.ToArray());
    }

    [Fact]
    public void A_taggers_words_have_the_golden_ids()
    {
        var encoding = new Encoding();
        var tokenizer = new HashedNGramTokenizer(new HashedNGramOptions(65536, 0, 0, 0, IdsPerWord: 18));
        tokenizer.EncodeWords(["U.N.", "official", "Ekéus", "-1996"], encoding);

        Assert.Equal(18, tokenizer.IdsPerPosition);
        Assert.Equal(
            [
                1363, 65120, 43095, 7605, 54314, 3628, 63447, 57537, 34015, 9912, 50040, 27155, 46855, 34925, 60937, 51058, 56529, 22452,
                39869, 56052, 4852, 56132, 40430, 63689, 3803, 41658, 31458, 40147, 1251, 36308, 1326, 50287, 28776, 8651, 269, 12388,
                17591, 18199, 54554, 29449, 10467, 51778, 1024, 4680, 41110, 45400, 62016, 64335, 40112, 58499, 51996, 23686, 62942, 58152,
                26028, 12677, 29956, 46244, 52382, 59872, 31045, 4610, 56652, 27419, 54464, 36784, 56869, 26943, 24524, 36454, 4109, 57792,
            ],
            encoding.Ids.ToArray());
        Assert.Equal([.. Enumerable.Range(0, 72).Select(i => i / 18)], encoding.WordIds.ToArray());
    }

    [Fact]
    public void Fewer_or_more_ids_a_word_cut_or_pad_the_features()
    {
        var encoding = new Encoding();
        new HashedNGramTokenizer(new HashedNGramOptions(65536, 0, 0, 0, IdsPerWord: 2)).EncodeWords(["U.N."], encoding);
        Assert.Equal(2, encoding.Count);

        new HashedNGramTokenizer(new HashedNGramOptions(65536, 0, 0, 0, IdsPerWord: 20)).EncodeWords(["a"], encoding);
        Assert.Equal(20, encoding.Count);
        Assert.Equal([0, 0], encoding.Ids[18..].ToArray());
        Assert.Equal(0, encoding.Ids[4]);
    }

    [Fact]
    public void Raw_and_treebank_text_give_the_same_words()
    {
        var options = new HashedNGramOptions(65536, 2, 0, 0);

        Assert.Equal(
            Encode(options, "it 's not that i do n't care , they 'll say .").Ids.ToArray(),
            Encode(options, "It\u2019s not that I don\u2019t care, they'll say.".Replace('\u2019', '\'')).Ids.ToArray());
    }

    [Theory]
    [InlineData("can't", new[] { "ca", "n't" })]
    [InlineData("n't", new[] { "n't" })]
    [InlineData("rock'n'roll", new[] { "rock", "'n", "'", "roll" })]
    [InlineData("o'clock", new[] { "o", "'", "clock" })]
    [InlineData("state-of-the-art $5.99", new[] { "state", "-", "of", "-", "the", "-", "art", "$", "5", ".", "99" })]
    [InlineData("日本語 e\u0301a", new[] { "日本語", "e\u0301a" })]
    [InlineData(" \t\r\n\0\u00A0\u200B", new string[0])]
    public void Words_are_runs_of_letters_or_single_marks(string text, string[] expected) => Assert.Equal(expected, Words(text));

    [Fact]
    public void A_lone_surrogate_is_a_word_of_its_own() => Assert.Equal(["a", "\uD800", "b"], Words("a\uD800b"));

    private static List<string> Words(string text)
    {
        var words = new List<string>();
        var scanner = new WordScanner(text);
        while (scanner.Next())
        {
            words.Add(scanner.Word.ToString());
        }

        return words;
    }

    [Fact]
    public void Truncation_stops_at_the_longest_length_and_says_so()
    {
        var tokenizer = new HashedNGramTokenizer(new HashedNGramOptions(1000, 2, 3, 5));
        var whole = new Encoding();
        var cut = new Encoding();
        tokenizer.Encode("several words in a row", default, false, 1000, whole);
        tokenizer.Encode("several words in a row", default, false, 13, cut);

        Assert.False(whole.Truncated);
        Assert.True(cut.Truncated);
        Assert.Equal(whole.Ids[..13].ToArray(), cut.Ids.ToArray());
    }

    [Theory]
    [InlineData("a b c d e f g h", "x y", 6, 4, 2)]
    [InlineData("a b", "s t u v w x y z", 6, 2, 4)]
    [InlineData("a b c d e f g h", "s t u v w x y z", 6, 3, 3)]
    [InlineData("a b c", "x y z", 6, 3, 3)]
    public void A_pair_is_cut_longest_first(string first, string second, int longest, int fromFirst, int fromSecond)
    {
        var encoding = new Encoding();
        new HashedNGramTokenizer(new HashedNGramOptions(1000, 1, 0, 0)).Encode(first, second, true, longest, encoding);

        Assert.Equal(fromFirst, encoding.TypeIds.ToArray().Count(type => type == 0));
        Assert.Equal(fromSecond, encoding.TypeIds.ToArray().Count(type => type == 1));
        Assert.Equal(longest < first.Split().Length + second.Split().Length, encoding.Truncated);
    }

    [Fact]
    public void A_tagger_keeps_whole_words_of_a_text_and_refuses_pairs()
    {
        var tokenizer = new HashedNGramTokenizer(new HashedNGramOptions(1000, 0, 0, 0, IdsPerWord: 18));
        var encoding = new Encoding();
        var words = new Encoding();
        tokenizer.Encode("Ann sees Bob", default, false, 1000, encoding);
        tokenizer.EncodeWords(["Ann", "sees", "Bob"], words);
        Assert.Equal(words.Ids.ToArray(), encoding.Ids.ToArray());

        tokenizer.Encode("Ann sees Bob", default, false, 40, encoding);
        Assert.Equal(36, encoding.Count);
        Assert.True(encoding.Truncated);

        var refused = Assert.Throws<ProblemException>(() => tokenizer.Encode("a", "b", true, 10, encoding));
        Assert.Equal("tokenizer-no-pairs", refused.Problem.Code);
    }

    [Fact]
    public void A_very_long_word_is_hashed_whole_but_spelled_only_at_its_start()
    {
        var encoding = Encode(new HashedNGramOptions(1000, 1, 3, 3), new string('a', 1_000_000));

        Assert.Equal(1 + 64, encoding.Count);
    }

    [Theory]
    [InlineData(1, 1, 0, 0, 0)]
    [InlineData(100, 6, 0, 0, 0)]
    [InlineData(100, 1, 3, 2, 0)]
    [InlineData(100, 1, 3, 9, 0)]
    [InlineData(100, 0, 0, 0, 0)]
    [InlineData(100, 1, 0, 0, 65)]
    public void Options_out_of_range_are_refused(int buckets, int words, int shortest, int longest, int idsPerWord)
    {
        var refused = Assert.Throws<ProblemException>(() => new HashedNGramTokenizer(new HashedNGramOptions(buckets, words, shortest, longest, idsPerWord)));

        Assert.Equal("tokenizer-options-invalid", refused.Problem.Code);
    }

    [Property(MaxTest = 300)]
    public void Any_text_gives_ids_in_range_with_offsets_within_it(string? text)
    {
        text ??= string.Empty;
        var scalars = text.EnumerateRunes().Count();
        foreach (var options in new[] { new HashedNGramOptions(97, 3, 1, 4), new HashedNGramOptions(97, 0, 0, 0, 18) })
        {
            var encoding = Encode(options, text);
            for (var i = 0; i < encoding.Count; i++)
            {
                Assert.InRange(encoding.Ids[i], options.IdsPerWord > 0 ? 0 : 1, 96);
                Assert.InRange(encoding.Starts[i], 0, encoding.Ends[i]);
                Assert.InRange(encoding.Ends[i], encoding.Starts[i], scalars);
            }
        }
    }

    [Fact]
    public void Encoding_allocates_nothing_once_the_encoding_has_room()
    {
        var tokenizer = new HashedNGramTokenizer(new HashedNGramOptions(65536, 2, 3, 5));
        var encoding = new Encoding();
        var text = string.Concat(Enumerable.Repeat("An ordinary sentence, isn't it? Café № 5. ", 50));
        tokenizer.Encode(text, default, false, int.MaxValue, encoding);
        tokenizer.Encode(text, default, false, int.MaxValue, encoding);

        var before = GC.GetAllocatedBytesForCurrentThread();
        tokenizer.Encode(text, default, false, int.MaxValue, encoding);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static Encoding Encode(HashedNGramOptions options, string text)
    {
        var encoding = new Encoding();
        new HashedNGramTokenizer(options).Encode(text, default, false, int.MaxValue, encoding);
        return encoding;
    }
}
