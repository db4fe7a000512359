using AiAssignments.Evaluation.Reports.Html;
using AiAssignments.Evaluation.Results;

namespace AiAssignments.Evaluation.Reports;

/// <summary>An HTML report in the making: the writer, and the small pieces that all sections share.</summary>
internal sealed class ReportPage(HtmlWriter html)
{
    /// <summary>Where to write.</summary>
    public HtmlWriter Html { get; } = html;

    /// <summary>Whether an undefined value was shown, so that the footnote is owed.</summary>
    public bool ShowsUndefined { get; private set; }

    /// <summary>What stands for 0/0, with its footnote.</summary>
    public Markup Undefined()
    {
        ShowsUndefined = true;
        return Markup.Of($"<span class=\"undef\">{Figures.Undefined}<a href=\"#undefined\" title=\"see the footnote\">†</a></span>");
    }

    /// <summary>A share with its interval under it.</summary>
    public Markup Share(MetricEstimate estimate) => estimate.Value is null
        ? Undefined()
        : Markup.Of($"{Figures.Percent(estimate.Value)}{Interval(Figures.Interval(estimate))}");

    /// <summary>A share.</summary>
    public Markup Share(double? value) => value is null ? Undefined() : Markup.Of($"{Figures.Percent(value)}");

    /// <summary>A number that is not a share, with its interval under it.</summary>
    public Markup Number(MetricEstimate estimate) => estimate.Value is null
        ? Undefined()
        : Markup.Of($"{Figures.Number(estimate.Value)}{Interval(Figures.NumberInterval(estimate))}");

    /// <summary>A number that is not a share.</summary>
    public Markup Number(double? value) => value is null ? Undefined() : Markup.Of($"{Figures.Number(value)}");

    /// <summary>A share as a small bar.</summary>
    public static Markup Meter(double share) =>
        Markup.Of($"<svg class=\"meter\" viewBox=\"0 0 100 8\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect class=\"panel\" width=\"100\" height=\"8\"/><rect class=\"wrong\" width=\"{(long)Math.Round(Math.Clamp(share, 0, 1) * 100)}\" height=\"8\"/></svg>");

    /// <summary>One row of a list of facts; nothing when there is no value.</summary>
    public void Row(string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            Html.Write($"<dt>{name}</dt><dd><bdi>{value}</bdi></dd>\n");
        }
    }

    /// <summary>One of the large facts under the headline.</summary>
    public void Fact(string name, Markup value, string? small = null)
    {
        Html.Write($"<div><dt>{name}</dt><dd>{value}");
        if (small is not null)
        {
            Html.Write($"<small>{small}</small>");
        }

        Html.Write($"</dd></div>\n");
    }

    /// <summary>Starts a box that scrolls sideways when its table is wider than the page.</summary>
    public void BeginTable(string name, bool cards = false) =>
        Html.Write($"<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{name}\"><table{(cards ? Markup.Of($" class=\"cards\"") : Markup.Empty)}>\n");

    /// <summary>Ends it.</summary>
    public void EndTable() => Html.Write($"</table></div>\n");

    private static Markup Interval(string text) => text.Length == 0 ? Markup.Empty : Markup.Of($" <span class=\"ci\">{text}</span>");
}
