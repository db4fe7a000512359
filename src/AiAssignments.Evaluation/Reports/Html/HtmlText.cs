using System.Buffers;
using System.Globalization;
using System.Text;

namespace AiAssignments.Evaluation.Reports.Html;

/// <summary>
/// Makes any string safe to stand in markup, in an element or in a quoted attribute: the five characters of XML are escaped,
/// and what a reader could not see or what would reorder the text around it (controls, bidirectional overrides, invisible tags) is made visible.
/// </summary>
internal static class HtmlText
{
    /// <summary>Writes <paramref name="text"/> encoded.</summary>
    public static void Write(TextWriter output, ReadOnlySpan<char> text)
    {
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c is >= ' ' and < '\x7f' and not ('&' or '<' or '>' or '"' or '\''))
            {
                continue;
            }

            output.Write(text[start..i]);
            if (Rune.DecodeFromUtf16(text[i..], out var rune, out _) != OperationStatus.Done)
            {
                output.Write('\uFFFD');
                start = i + 1;
                continue;
            }

            i += rune.Utf16SequenceLength - 1;
            start = i + 1;
            WriteRune(output, rune);
        }

        output.Write(text[start..]);
    }

    /// <summary>
    /// Whether a code point must not reach a reader as it is: controls other than tab and newline, bidirectional controls
    /// (UAX #9), zero-width characters that no script needs, line separators, tags, and noncharacters.
    /// Joiners (U+200C, U+200D) and variation selectors stay: scripts and emoji need them.
    /// </summary>
    public static bool IsDeceptive(int codePoint) => codePoint switch
    {
        '\t' or '\n' or '\r' => false,
        < 0x20 or (>= 0x7F and <= 0x9F) => true,
        0x61C or 0x180E or 0x200B or 0x200E or 0x200F or 0xFEFF => true,
        >= 0x2028 and <= 0x202E => true,
        >= 0x2060 and <= 0x206F => true,
        >= 0xFFF9 and <= 0xFFFB => true,
        >= 0xE0000 and <= 0xE007F => true,
        >= 0xFDD0 and <= 0xFDEF => true,
        _ => (codePoint & 0xFFFE) == 0xFFFE,
    };

    /// <summary>What stands for a deceptive code point.</summary>
    public static string Visible(int codePoint) => codePoint switch
    {
        < 0x20 => ((char)(0x2400 + codePoint)).ToString(),
        0x7F => "\u2421",
        _ => string.Create(CultureInfo.InvariantCulture, $"\u27E8U+{codePoint:X4}\u27E9"),
    };

    /// <summary>
    /// The text with deceptive code points made visible and lone surrogates replaced, for formats that have their own escaping.
    /// </summary>
    public static string MakeVisible(string text)
    {
        var output = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (IsDeceptive(rune.Value))
            {
                output.Append(Visible(rune.Value));
            }
            else
            {
                output.Append(rune.ToString());
            }
        }

        return output.ToString();
    }

    /// <summary>At most <paramref name="length"/> UTF-16 units, an ellipsis standing for the rest; never half a surrogate pair.</summary>
    public static string Clip(string text, int length)
    {
        if (text.Length <= length)
        {
            return text;
        }

        var end = length - 1;
        if (end > 0 && char.IsHighSurrogate(text[end - 1]))
        {
            end--;
        }

        return string.Concat(text.AsSpan(0, end), "…");
    }

    private static void WriteRune(TextWriter output, Rune rune)
    {
        switch (rune.Value)
        {
            case '&':
                output.Write("&amp;");
                break;
            case '<':
                output.Write("&lt;");
                break;
            case '>':
                output.Write("&gt;");
                break;
            case '"':
                output.Write("&quot;");
                break;
            case '\'':
                output.Write("&#39;");
                break;
            case var point when IsDeceptive(point):
                output.Write(Visible(point));
                break;
            default:
                Span<char> units = stackalloc char[2];
                output.Write(units[..rune.EncodeToUtf16(units)]);
                break;
        }
    }
}
