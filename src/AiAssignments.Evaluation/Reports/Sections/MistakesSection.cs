using AiAssignments.Evaluation.Reports.Html;
using AiAssignments.Evaluation.Results;

namespace AiAssignments.Evaluation.Reports.Sections;

/// <summary>The most confident mistakes: where to look first, be it the model that errs or the label.</summary>
internal static class MistakesSection
{
    private const int LongestExcerpt = 300;
    private const int MostThumbnailBytes = 64 * 1024;

    private static readonly byte[] PngSignature = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    public static void Write(ReportPage page, IReadOnlyList<Mistake> mistakes)
    {
        page.Html.Write($"<p class=\"intro\">The {mistakes.Count} most confident, surest first. A model that is sure and wrong has often met a wrong label.</p>\n");
        if (mistakes.Any(mistake => mistake.Thumbnail is not null))
        {
            Gallery(page.Html, mistakes);
        }
        else
        {
            Table(page, mistakes);
        }
    }

    private static void Gallery(HtmlWriter html, IReadOnlyList<Mistake> mistakes)
    {
        html.Write($"<ul class=\"gallery\">\n");
        foreach (var mistake in mistakes)
        {
            html.Write($"<li>{Thumbnail(mistake)}<span class=\"tr\"><bdi>{HtmlText.Clip(mistake.Truth, 80)}</bdi></span> <span class=\"arrow\">taken for</span> <span class=\"tw\"><bdi>{HtmlText.Clip(mistake.Predicted, 80)}</bdi></span>, {Figures.Percent(mistake.Confidence)} sure <span class=\"where\"><bdi>{HtmlText.Clip(mistake.Where, 200)}</bdi></span></li>\n");
        }

        html.Write($"</ul>\n");
    }

    private static void Table(ReportPage page, IReadOnlyList<Mistake> mistakes)
    {
        page.BeginTable("Most confident mistakes", cards: true);
        page.Html.Write($"<thead><tr><th scope=\"col\" class=\"n\">Sure</th><th scope=\"col\">True</th><th scope=\"col\">Predicted</th><th scope=\"col\">Text</th><th scope=\"col\">Where</th></tr></thead>\n<tbody>\n");
        foreach (var mistake in mistakes)
        {
            page.Html.Write($"<tr><td class=\"n inline\">{Figures.Percent(mistake.Confidence)}</td><td class=\"tr inline\"><bdi>{HtmlText.Clip(mistake.Truth, LongestExcerpt)}</bdi></td><td class=\"tw inline\"><bdi>{HtmlText.Clip(mistake.Predicted, LongestExcerpt)}</bdi></td><td class=\"excerpt\"><bdi dir=\"auto\">{HtmlText.Clip(mistake.Excerpt, LongestExcerpt)}</bdi></td><td class=\"where\"><bdi>{HtmlText.Clip(mistake.Where, 200)}</bdi></td></tr>\n");
        }

        page.Html.Write($"</tbody>");
        page.EndTable();
    }

    // Only what is a PNG and small goes into the page; an image format with scripts (SVG) never does.
    private static Markup Thumbnail(Mistake mistake) =>
        mistake.Thumbnail is { Length: <= MostThumbnailBytes } bytes && bytes.AsSpan().StartsWith(PngSignature)
            ? Markup.Of($"<img class=\"thumb\" alt=\"Record {mistake.Record}: {HtmlText.Clip(mistake.Truth, 80)}\" src=\"data:image/png;base64,{Convert.ToBase64String(bytes)}\" />")
            : Markup.Empty;
}
