using System.Buffers;
using System.Text;

namespace AiAssignments.Evaluation.Reports.Predictions;

/// <summary>
/// One field of a CSV file: quoted as RFC 4180 wants it, and defused as OWASP's "CSV Injection" page advises, because a spreadsheet runs what looks like a formula:
/// text that starts (after blanks or invisible characters) with <c>= + - @</c>, a tab, CR or LF, or the full-width forms of the signs, gets an apostrophe before it.
/// Plain numbers such as <c>-1.5</c> are harmless and stay. NUL becomes U+2400.
/// </summary>
internal static class CsvCell
{
    private static readonly SearchValues<char> Quoted = SearchValues.Create("\",\r\n;\t");

    /// <summary>Appends a text field.</summary>
    public static void Append(StringBuilder line, string text)
    {
        var dangerous = IsDangerous(text);
        if (!dangerous && text.AsSpan().IndexOfAny(Quoted) < 0 && !text.Contains('\0', StringComparison.Ordinal) && !HasOuterBlank(text))
        {
            line.Append(text);
            return;
        }

        line.Append('"');
        if (dangerous)
        {
            line.Append('\'');
        }

        foreach (var c in text)
        {
            _ = c switch
            {
                '"' => line.Append("\"\""),
                '\0' => line.Append('\u2400'),
                _ => line.Append(c),
            };
        }

        line.Append('"');
    }

    /// <summary>Whether a spreadsheet may run it.</summary>
    public static bool IsDangerous(string text)
    {
        foreach (var c in text)
        {
            switch (c)
            {
                case '=' or '@' or '\t' or '\r' or '\n' or '\uFF1D' or '\uFF0B' or '\uFF0D' or '\uFF20' or '\u2212':
                    return true;
                case '+' or '-':
                    return !IsPlainNumber(text);
                case ' ' or '\u00A0' or '\uFEFF' or '\u200B' or '\0':
                    continue;
                default:
                    return false;
            }
        }

        return false;
    }

    private static bool HasOuterBlank(string text) => text.Length > 0 && (text[0] == ' ' || text[^1] == ' ');

    // A sign, digits, a fraction, an exponent; nothing else. So "-1+2" is no number.
    private static bool IsPlainNumber(string text)
    {
        var i = 1;
        var digits = Digits(text, ref i);
        if (i < text.Length && text[i] == '.')
        {
            i++;
            digits += Digits(text, ref i);
        }

        if (digits > 0 && i < text.Length && text[i] is 'e' or 'E')
        {
            i++;
            if (i < text.Length && text[i] is '+' or '-')
            {
                i++;
            }

            if (Digits(text, ref i) == 0)
            {
                return false;
            }
        }

        return digits > 0 && i == text.Length;
    }

    private static int Digits(string text, ref int i)
    {
        var start = i;
        while (i < text.Length && char.IsAsciiDigit(text[i]))
        {
            i++;
        }

        return i - start;
    }
}
