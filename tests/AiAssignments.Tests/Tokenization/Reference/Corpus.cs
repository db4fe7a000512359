using System.Text;
using AiAssignments.Tests.Support;

namespace AiAssignments.Tests.Tokenization.Reference;

/// <summary>What the parity tests encode: the project's own lines, hostile texts, and every Unicode code point.</summary>
internal static class Corpus
{
    /// <summary>Code points in one golden hash.</summary>
    public const int BlockSize = 4096;

    public static string[] Lines { get; } = File.ReadAllText(
        Path.Combine(RepositoryRoot.Path, "tests", "AiAssignments.Tests", "Tokenization", "corpus", "lines.txt")).Split('\n');

    /// <summary>Texts that break careless tokenizers.</summary>
    public static IEnumerable<string> Hostile()
    {
        string[] texts =
        [
            "", " ", "  ", "\t", "\n\n", "\r\n", "\0", "\0\0a\0b\0", "a\0", "\u0001\u0002", "\u007f", "\u0085", "\u00a0", "\u00ad", "\u180e", "\u200b", "\u200d", "\u2028x\u2029y",
            "\ufeff", "\ufeffBOM", "\ufffd", "a\ufffdb", "\ufe0f", "a\ufe0f", " \ufe0f ", "\ufe0e\ufe0f\ufe0f", "\u0301", "\u0301\u0301", " \u0301a", "a \u0301", "a\u0315\u0300\u05ae\u0300b",
            "\ud800", "\udc00", "a\ud800b", "\ud800\ud800", "\udc00\ud800", "x\udbff", "\udfffx", "\ud83d", "\ud83d\ud83d\ude00", "\ud83d\ude00\ude00",
            "\u0344", "a\u0344", "\u0f73", "\u0f71\u0f73", "\u0f73\u0f71", "\u0f75\u0f71", "\u0f81\u0f71", "a\u0f81\u0f71\u0f72", "\u0958", "\u2126\u212b", "\u1100\u1161\u11a8", "\u1100\u1161",
            "\uac00\u11a8", "\uac01", "\u1161", "\u11a8", "\u110b\u1161\u1100", "\u09c7\u09be", "\u0bc6\u0bd7", "\u1e9b\u0323", "\u0041\u030a", "\u0041\u0327\u030a", "\u0130\u0130", "I\u0307", "i\u0307\u0323",
            "\u4e00", "a\u4e00b", "\u4e00\u4e8c", "\u3007", "\u4e00\u0301", "\u0301\u4e00", "\ud842\udfb7", "\u2e80", "\uff01", "\ufa0e",
            "'", "''", "'s", "'S", "''s", "' s", " 's", "'ll've're'd'm't", "'l", "'r", "'v", "x'", "don't", "don\u2019t", "'\u017f",
            "  a", "   a", "\ta", " \ta", "\t a", "a  ", "a\t\n", "\n a\n  b\n\n", " \u00a0a", "\u00a0 a", "\u3000\u3000a", "\u2003 b", "a \u1680 b",
            "[CLS]", "[SEP][SEP]", " [MASK] ", "  [MASK]  [MASK]  ", "[PAD]   x", "[PAD][MASK]", "[CLS", "CLS]", "[[CLS]]", "[cls]", "[UNK]",
            "<s>", "</s></s>", "<mask>", "  <mask>  ", "a<mask>b", "a <mask> b <mask>", "\t\n<mask>", "<pad><unk>", "<|endoftext|>", " <|endoftext|> x", "<|endoftext|><|endoftext|>", "<|endoftext",
            "keepword", "keepwords", "akeepword", "keepword.", "keepword keepword", "keep word", "New York", " New  York ", "  New York  x", "New Yorker New", "xNew", "\u6f22\u5b57\u6f22\u5b57", "New \u6f22\u5b57",
            "\ufb01n", "fin", "a\ufb01nb", "\u2167", "a\u2167  b", "--", "---", "a--b--", "\u2010-", "____", "a_b", "$+<=>`|~^", "\u20ac$", "\ufdfa", "\u3300",
        ];
        foreach (var text in texts)
        {
            yield return text;
        }

        foreach (var length in new[] { 19, 20, 21, 99, 100, 101, 255, 256, 257, 300 })
        {
            yield return new string('a', length);
            yield return "x " + new string('e', length) + "! y";
            yield return string.Concat(Enumerable.Repeat("\u00e9", length));
            yield return string.Concat(Enumerable.Repeat("e\u0301", length));
        }

        yield return new string(' ', 1000) + "a" + new string('\n', 1000);
        yield return new string('!', 2000);
        yield return string.Concat(Enumerable.Repeat("the", 3000));
        yield return "a" + new string('\u0301', 500) + "\u0323";
        yield return string.Concat(Enumerable.Repeat("a\u0315\u0300\u05ae", 300));
        yield return string.Concat(Enumerable.Repeat("\ud83d\udc68\u200d", 200));
    }

    public static IEnumerable<ReferenceInput> Texts() => Lines.Concat(Hostile()).Select(text => new ReferenceInput(text));

    public static IEnumerable<ReferenceInput> Pairs()
    {
        var texts = Lines.Concat(Hostile().Where(text => text.Length < 400)).ToArray();
        return texts.Select((text, i) => new ReferenceInput(text, texts[(i * 7) % texts.Length]));
    }

    public static IEnumerable<ReferenceInput> Words() => Lines.Select(line => line.Split(' '))
        .Append([]).Append([""]).Append(["", "a", "", " b"]).Append([" a ", "b\tc", "  "]).Append([.. Hostile().Where(text => text.Length < 50)])
        .Select(words => new ReferenceInput(string.Empty, null, words));

    /// <summary>The blocks of code points that a tokenizer is tried on: all of Unicode for those that show most, the assigned planes for the others.</summary>
    public static int[] BlocksOf(string definition) => definition is "bytes-bert" or "roberta"
        ? [.. Enumerable.Range(0, 0x110000 / BlockSize)]
        : [.. Enumerable.Range(0, 0x30000 / BlockSize), 0xE0000 / BlockSize];

    /// <summary>Every code point of a block: in words, between digits, beside punctuation and under marks; shorter from the second plane on.</summary>
    public static IEnumerable<ReferenceInput> CodePoints(int block)
    {
        var text = new StringBuilder();
        var count = 0;
        for (var c = block * BlockSize; c < (block + 1) * BlockSize; c++)
        {
            if (c is >= 0xd800 and <= 0xdfff)
            {
                continue;
            }

            var s = char.ConvertFromUtf32(c);
            text.Append(c < 0x10000 ? $"{s} x{s}y1{s}2!{s}! {s}\u0323\u0301{s}a " : c < 0x30000 ? $"x{s}y {s}\u0323 " : $"{s} ");
            if (++count % 64 == 0)
            {
                yield return new ReferenceInput(text.ToString());
                text.Clear();
            }
        }

        if (text.Length > 0)
        {
            yield return new ReferenceInput(text.ToString());
        }
    }
}
