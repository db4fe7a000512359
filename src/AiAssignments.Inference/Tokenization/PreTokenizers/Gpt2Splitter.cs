using AiAssignments.Inference.Tokenization.Unicode;

namespace AiAssignments.Inference.Tokenization.PreTokenizers;

/// <summary>
/// GPT-2's word pattern, written out as code:
/// <c>'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+</c>.
/// </summary>
internal static class Gpt2Splitter
{
    private const CharacterFlags Kinds = CharacterFlags.RegexLetter | CharacterFlags.RegexNumber | CharacterFlags.RegexSpace;

    /// <summary>End of the word that starts at <paramref name="start"/>, which must be inside the text.</summary>
    public static int Next(ReadOnlySpan<int> text, int start)
    {
        var tables = UnicodeTables.Instance;
        if (text[start] == '\'' && Contraction(text[(start + 1)..]) is > 0 and var length)
        {
            return start + 1 + length;
        }

        var first = start;
        if (text[start] == ' ' && start + 1 < text.Length && (tables[text[start + 1]] & CharacterFlags.RegexSpace) == 0)
        {
            first++;
        }

        var kind = tables[text[first]] & Kinds;
        var end = RunEnd(text, first, kind, tables);

        // White space leaves its last character to the word that follows, unless it is all there is.
        return kind == CharacterFlags.RegexSpace && end < text.Length && end - start > 1 ? end - 1 : end;
    }

    /// <summary>End of the first word of a text before which a space was put; the text is not empty and does not start with U+0020.</summary>
    public static int NextAfterSpace(ReadOnlySpan<int> text)
    {
        var tables = UnicodeTables.Instance;
        var kind = tables[text[0]] & Kinds;
        var end = RunEnd(text, 0, kind, tables);
        return kind == CharacterFlags.RegexSpace && end < text.Length ? end - 1 : end;
    }

    private static int RunEnd(ReadOnlySpan<int> text, int start, CharacterFlags kind, UnicodeTables tables)
    {
        var end = start + 1;
        while (end < text.Length && (tables[text[end]] & Kinds) == kind)
        {
            end++;
        }

        return end;
    }

    // How many letters after the apostrophe belong to it.
    private static int Contraction(ReadOnlySpan<int> text) => text switch
    {
        ['s' or 't' or 'm' or 'd', ..] => 1,
        ['r' or 'v', 'e', ..] or ['l', 'l', ..] => 2,
        _ => 0,
    };
}
