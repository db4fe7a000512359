using System.Globalization;
using System.Runtime.CompilerServices;

namespace AiAssignments.Evaluation.Reports.Html;

/// <summary>
/// The interpolated string that <see cref="HtmlWriter.Write(ref HtmlInterpolation)"/> takes. Literal parts are the program's own markup;
/// a hole is text and is encoded, unless it is <see cref="Markup"/>. There is no overload for other types, so nothing slips through by <c>ToString</c>.
/// </summary>
[InterpolatedStringHandler]
internal readonly ref struct HtmlInterpolation
{
    private readonly HtmlWriter writer;

    public HtmlInterpolation(int literalLength, int formattedCount, HtmlWriter writer) => this.writer = writer;

    public void AppendLiteral(string markup) => writer.Output.Write(markup);

    /// <summary>Text: encoded.</summary>
    public void AppendFormatted(string? value) => HtmlText.Write(writer.Output, value);

    /// <summary>A number as SVG attributes want it: invariant, no grouping.</summary>
    public void AppendFormatted(long value) => writer.Output.Write(value.ToString(CultureInfo.InvariantCulture));

    /// <summary>A coordinate: invariant, two decimals.</summary>
    public void AppendFormatted(double value) =>
        writer.Output.Write((double.IsFinite(value) ? value : 0).ToString("0.##", CultureInfo.InvariantCulture));

    /// <summary>Markup: as it is.</summary>
    public void AppendFormatted(Markup value) => writer.Output.Write(value.Html);
}
