using System.Text;
using AiAssignments.Evaluation.Reports.Html;

namespace AiAssignments.Evaluation.Reports.Charts;

/// <summary>How wide a text will be. SVG does not lay text out, so that labels are fitted by an estimate that rather errs on the wide side.</summary>
internal static class ChartText
{
    /// <summary>Estimated width in user units.</summary>
    public static double Width(string text, double size)
    {
        double units = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            units += rune.Value switch
            {
                'i' or 'j' or 'l' or '.' or ',' or ':' or ';' or '\'' or '|' or '!' or ' ' => 0.36,
                'm' or 'w' or 'M' or 'W' or '@' => 0.98,
                >= 'A' and <= 'Z' => 0.72,
                < 0x1100 => 0.62,
                _ when HtmlText.IsDeceptive(rune.Value) => 4.5,
                _ => 1.05,
            };
        }

        return units * size;
    }

    /// <summary>The text, cut with an ellipsis to fit <paramref name="width"/>.</summary>
    public static string Fit(string text, double width, double size)
    {
        text = HtmlText.Clip(text, 200);
        if (Width(text, size) <= width)
        {
            return text;
        }

        var kept = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (Width(kept + rune.ToString() + "…", size) > width)
            {
                break;
            }

            kept.Append(rune.ToString());
        }

        return kept.ToString().TrimEnd() + "…";
    }

    /// <summary>The width that the longest label takes, between two limits.</summary>
    public static double Column(IEnumerable<string> labels, double size, double least, double most) =>
        Math.Clamp(labels.Select(label => Width(HtmlText.Clip(label, 200), size)).DefaultIfEmpty(least).Max() + 6, least, most);

    /// <summary>A count short enough for a cell: <c>12.3k</c> from ten thousand on.</summary>
    public static string Short(long count) => count switch
    {
        < 10_000 => Scale.Label(count).Replace(",", string.Empty, StringComparison.Ordinal),
        < 1_000_000 => Scale.Label(Math.Round(count / 1000.0, count < 100_000 ? 1 : 0)) + "k",
        _ => Scale.Label(Math.Round(count / 1e6, 1)) + "M",
    };
}
