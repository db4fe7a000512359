using System.Globalization;

namespace AiAssignments.Inference.Tokenization.Unicode;

/// <summary>
/// Character facts that do not come from the system (the process runs without ICU), pinned to what the reference tokenizers use.
/// The embedded file says how they were obtained.
/// </summary>
internal sealed class UnicodeTables
{
    private readonly CharacterFlags[] flags = new CharacterFlags[0x110000];
    private readonly Dictionary<int, int> ranks = [];
    private readonly Dictionary<long, int> compositions = [];

    private UnicodeTables()
    {
        using var stream = typeof(UnicodeTables).Assembly.GetManifestResourceStream("unicode-tables.txt")
            ?? throw new InvalidOperationException("The assembly lacks its character tables.");
        using var reader = new StreamReader(stream);
        var section = string.Empty;
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('['))
            {
                section = line;
            }
            else if (!line.StartsWith('#'))
            {
                Read(section, line);
            }
        }

        // Syllables are decomposed by arithmetic, so the file does not list their parts.
        for (var c = Hangul.FirstSyllable; c < Hangul.FirstSyllable + Hangul.Syllables; c++)
        {
            flags[c] |= CharacterFlags.Canonical;
        }
    }

    /// <summary>The tables, read on first use.</summary>
    public static UnicodeTables Instance { get; } = new();

    public CharacterMapping Lower { get; } = new();

    public CharacterMapping Canonical { get; } = new();

    public CharacterMapping Compatibility { get; } = new();

    /// <summary>The facts about a code point (0..10FFFF).</summary>
    public CharacterFlags this[int codePoint] => flags[codePoint];

    /// <summary>The facts by code point, for loops.</summary>
    public ReadOnlySpan<CharacterFlags> Flags => flags;

    /// <summary>Order of a mark among marks of the same base; 0 for starters. Only its order is meant, it is not the class's number.</summary>
    public int RankOf(int codePoint) => (flags[codePoint] & CharacterFlags.Reordered) == 0 ? 0 : ranks[codePoint];

    /// <summary>The primary composite of two characters, or -1.</summary>
    public int Compose(int first, int second)
    {
        var syllable = Hangul.Compose(first, second);
        return syllable >= 0 ? syllable : compositions.GetValueOrDefault(((long)first << 32) | (uint)second, -1);
    }

    private static int Hex(ReadOnlySpan<char> text) => int.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static List<int> Points(string text) => [.. text.Split(' ').Select(point => Hex(point))];

    private static CharacterFlags FlagOf(string section) => section switch
    {
        "[set white_space]" => CharacterFlags.WhiteSpace,
        "[set bert_removed]" => CharacterFlags.BertRemoved,
        "[set bert_space]" => CharacterFlags.BertSpace,
        "[set bert_chinese]" => CharacterFlags.BertChinese,
        "[set bert_punctuation]" => CharacterFlags.BertPunctuation,
        "[set nonspacing_mark]" => CharacterFlags.NonspacingMark,
        "[set combining_mark]" => CharacterFlags.CombiningMark,
        "[set regex_letter]" => CharacterFlags.RegexLetter,
        "[set regex_number]" => CharacterFlags.RegexNumber,
        "[set regex_space]" => CharacterFlags.RegexSpace,
        "[set word]" => CharacterFlags.Word,
        "[set word_space]" => CharacterFlags.WordSpace,
        "[combining rank]" => CharacterFlags.Reordered,
        "[map lower]" => CharacterFlags.Cased,
        "[map canonical]" => CharacterFlags.Canonical,
        "[map compatibility]" => CharacterFlags.Compatibility,
        _ => CharacterFlags.None,
    };

    private void Read(string section, string line)
    {
        var flag = FlagOf(section);
        var equals = line.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0)
        {
            var dash = line.IndexOf('-', StringComparison.Ordinal);
            var first = Hex(dash < 0 ? line : line.AsSpan(0, dash));
            var last = dash < 0 ? first : Hex(line.AsSpan(dash + 1));
            for (var c = first; c <= last; c++)
            {
                flags[c] |= flag;
            }

            return;
        }

        var from = Points(line[..equals]);
        if (from.Count == 2)
        {
            compositions.Add(((long)from[0] << 32) | (uint)from[1], Hex(line.AsSpan(equals + 1)));
            return;
        }

        flags[from[0]] |= flag;
        switch (flag)
        {
            case CharacterFlags.Reordered:
                ranks.Add(from[0], int.Parse(line.AsSpan(equals + 1), CultureInfo.InvariantCulture));
                break;
            case CharacterFlags.Cased:
                Lower.Add(from[0], Points(line[(equals + 1)..]));
                break;
            case CharacterFlags.Canonical:
                Canonical.Add(from[0], Points(line[(equals + 1)..]));
                break;
            default:
                Compatibility.Add(from[0], Points(line[(equals + 1)..]));
                break;
        }
    }
}
