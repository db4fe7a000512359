using AiAssignments.Evaluation.Reports.Html;

namespace AiAssignments.Evaluation.Reports.Charts;

/// <summary>An SVG picture with a title and a description for who cannot see it. Disposing closes it.</summary>
internal sealed class ChartFrame : IDisposable
{
    private readonly HtmlWriter html;

    /// <summary>Opens the picture.</summary>
    /// <param name="html">Where to.</param>
    /// <param name="width">Width in user units, the natural width in CSS pixels.</param>
    /// <param name="height">Height likewise.</param>
    /// <param name="title">Its name.</param>
    /// <param name="description">What it shows, in words.</param>
    /// <param name="scrolls">Wider than a phone: stands in a box that scrolls sideways.</param>
    public ChartFrame(HtmlWriter html, double width, double height, string title, string description, bool scrolls = false)
    {
        this.html = html;
        Scrolls = scrolls;
        var (titleId, descriptionId) = (html.NewId(), html.NewId());
        if (scrolls)
        {
            html.Write($"<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{title}\">");
        }

        html.Write($"<svg class=\"chart{(scrolls ? " fit" : string.Empty)}\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" role=\"img\" aria-labelledby=\"{titleId} {descriptionId}\"><title id=\"{titleId}\">{title}</title><desc id=\"{descriptionId}\">{description}</desc>\n");
    }

    private bool Scrolls { get; }

    /// <inheritdoc />
    public void Dispose()
    {
        html.Write($"</svg>");
        if (Scrolls)
        {
            html.Write($"</div>");
        }

        html.Write($"\n");
    }
}
