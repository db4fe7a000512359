using System.Text;
using AiAssignments.Evaluation.Reports.Html;

namespace AiAssignments.Evaluation.Reports.Markdown;

/// <summary>
/// Makes any string plain text in Markdown (CommonMark 0.31 and GitHub's tables, autolinks and math): what can mean something where it stands is escaped,
/// HTML's characters become entities, line breaks blanks.
/// </summary>
internal static class MarkdownText
{
    /// <summary>The text, escaped, at most <paramref name="length"/> characters of it.</summary>
    public static string Escape(string text, int length = 300)
    {
        var visible = HtmlText.MakeVisible(HtmlText.Clip(text, length)).AsSpan().Trim().ToString();
        var output = new StringBuilder(visible.Length + 16);
        var marker = BlockMarker(visible);
        for (var i = 0; i < visible.Length; i++)
        {
            var c = visible[i];
            _ = c switch
            {
                '<' => output.Append("&lt;"),
                '>' => output.Append("&gt;"),
                '&' => output.Append("&amp;"),
                '\r' or '\n' or '\t' => output.Append(' '),
                '\\' or '`' or '*' or '_' or '[' or ']' or '|' or '~' or '@' or '$' => output.Append('\\').Append(c),
                _ when i == marker || IsAutolink(visible, i) => output.Append('\\').Append(c),
                _ => output.Append(c),
            };
        }

        return output.ToString();
    }

    // What at the start of a line would make it a heading, a list, a rule or the underline of a heading: "# ", "- ", "12. ", "===".
    private static int BlockMarker(string text)
    {
        if (text.Length > 0 && text[0] is '#' or '-' or '+' or '=')
        {
            return 0;
        }

        var digits = 0;
        while (digits < text.Length && char.IsAsciiDigit(text[digits]))
        {
            digits++;
        }

        return digits is > 0 and < 10 && digits < text.Length && text[digits] is '.' or ')' && (digits + 1 == text.Length || char.IsWhiteSpace(text[digits + 1])) ? digits : -1;
    }

    // GitHub links "http://…" and "www.…" without being asked.
    private static bool IsAutolink(string text, int i) =>
        (text[i] == ':' && i > 0 && char.IsAsciiLetter(text[i - 1]))
        || (text[i] == '.' && i >= 3 && text.AsSpan(i - 3, 3).Equals("www", StringComparison.OrdinalIgnoreCase));
}
