using System.Runtime.CompilerServices;

namespace AiAssignments.Evaluation.Reports.Html;

/// <summary>
/// Writes HTML that is also well-formed XML. It takes interpolated strings only (<c>Write($"&lt;td&gt;{label}&lt;/td&gt;")</c>): a plain string does not compile,
/// and holes are encoded. See <see cref="HtmlInterpolation"/>.
/// </summary>
internal sealed class HtmlWriter(TextWriter output)
{
    private int ids;

    /// <summary>Where it goes.</summary>
    internal TextWriter Output => output;

    /// <summary>Writes markup whose holes are text.</summary>
    public HtmlWriter Write([InterpolatedStringHandlerArgument("")] ref HtmlInterpolation markup)
    {
        _ = markup;
        return this;
    }

    /// <summary>Writes a fragment made before.</summary>
    public HtmlWriter Write(Markup markup)
    {
        output.Write(markup.Html);
        return this;
    }

    /// <summary>An id that no other element of the document has.</summary>
    public string NewId() => $"g{++ids}";
}
