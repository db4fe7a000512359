using System.Text;

namespace AiAssignments.Evaluation.Reports.Markdown;

/// <summary>Markdown in the making. Every string given to it is text and is escaped.</summary>
internal sealed class MarkdownPage
{
    private readonly StringBuilder output = new();

    public void Heading(int level, string text) => output.Append('#', level).Append(' ').Append(MarkdownText.Escape(text)).Append("\n\n");

    public void Paragraph(string text) => output.Append(MarkdownText.Escape(text, 2000)).Append("\n\n");

    public void Strong(string strong, string text) => output.Append("**").Append(MarkdownText.Escape(strong)).Append("** ").Append(MarkdownText.Escape(text, 2000)).Append("\n\n");

    public void List(IReadOnlyList<string> items)
    {
        foreach (var item in items)
        {
            output.Append("- ").Append(MarkdownText.Escape(item, 2000)).Append('\n');
        }

        output.Append('\n');
    }

    /// <summary>A table whose columns from <paramref name="numbersFrom"/> on are aligned right.</summary>
    public void Table(IReadOnlyList<string> header, int numbersFrom, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        Row(header);
        output.Append('|');
        for (var i = 0; i < header.Count; i++)
        {
            output.Append(i < numbersFrom ? " --- |" : " ---: |");
        }

        output.Append('\n');
        foreach (var row in rows)
        {
            Row(row);
        }

        output.Append('\n');
    }

    /// <summary>A block of code, fenced by more backticks than the code has in a row.</summary>
    public void Code(string text)
    {
        text = string.Join('\n', text.Split('\n').Select(Html.HtmlText.MakeVisible)).Replace("\r", "\u240D", StringComparison.Ordinal);
        var (longest, run) = (0, 0);
        foreach (var c in text)
        {
            run = c == '`' ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }

        var fence = new string('`', Math.Max(3, longest + 1));
        output.Append(fence).Append("sh\n").Append(text).Append('\n').Append(fence).Append("\n\n");
    }

    public override string ToString() => output.ToString();

    private void Row(IReadOnlyList<string> cells)
    {
        output.Append('|');
        foreach (var cell in cells)
        {
            output.Append(' ').Append(MarkdownText.Escape(cell)).Append(" |");
        }

        output.Append('\n');
    }
}
