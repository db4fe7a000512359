using System.Runtime.CompilerServices;
using System.Text;

namespace AiAssignments.Evaluation.Reports.Html;

/// <summary>A fragment of well-formed HTML. The only way to get one is <see cref="Of"/>, which encodes every hole: so text can never pass for markup.</summary>
internal readonly struct Markup
{
    private readonly string? html;

    private Markup(string html) => this.html = html;

    /// <summary>Nothing.</summary>
    public static Markup Empty => default;

    /// <summary>The fragment's HTML.</summary>
    public string Html => html ?? string.Empty;

    /// <summary>Makes a fragment of an interpolated string: its literal parts are markup, its holes are text.</summary>
    public static Markup Of(ref MarkupInterpolation markup) => new(markup.ToHtml());

    /// <summary>Puts fragments one after the other.</summary>
    public static Markup Join(IEnumerable<Markup> parts) => new(string.Concat(parts.Select(part => part.Html)));

    /// <summary>Collects the parts of a fragment. See <see cref="HtmlInterpolation"/>.</summary>
    [InterpolatedStringHandler]
    internal readonly ref struct MarkupInterpolation
    {
        private readonly StringBuilder text = new();
        private readonly HtmlInterpolation inner;

        public MarkupInterpolation(int literalLength, int formattedCount) =>
            inner = new HtmlInterpolation(literalLength, formattedCount, new HtmlWriter(new StringWriter(text)));

        public void AppendLiteral(string markup) => inner.AppendLiteral(markup);

        public void AppendFormatted(string? value) => inner.AppendFormatted(value);

        public void AppendFormatted(long value) => inner.AppendFormatted(value);

        public void AppendFormatted(Markup value) => inner.AppendFormatted(value);

        public string ToHtml() => text.ToString();
    }
}
