using System.Security.Cryptography;
using System.Text;
using AiAssignments.Evaluation.Reports.Html;

namespace AiAssignments.Evaluation.Reports;

/// <summary>The one style sheet of all HTML reports, and the policy that lets a browser run nothing but it.</summary>
internal static class ReportStyle
{
    /// <summary>The style sheet. Free of <c>&lt;</c> and <c>&amp;</c>, so that it reads the same as HTML and as XML.</summary>
    public static string Css { get; } = Build();

    /// <summary>Nothing is loaded, nothing is run; the style is known by its hash (CSP Level 3), pictures are in the file.</summary>
    public static string ContentSecurityPolicy { get; } =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Css)))}'; img-src data:; base-uri 'none'; form-action 'none'";

    /// <summary>Starts a document: everything up to and with the opening of <c>main</c>.</summary>
    /// <param name="html">Where to.</param>
    /// <param name="title">Title of the document, text.</param>
    public static void Begin(HtmlWriter html, string title)
    {
        html.Write($"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8" />
            <meta http-equiv="Content-Security-Policy" content="
            """);
        html.Write($"{ContentSecurityPolicy}\" />\n");
        html.Write($"""
            <meta name="viewport" content="width=device-width, initial-scale=1" />
            <meta name="color-scheme" content="light dark" />
            <meta name="referrer" content="no-referrer" />
            <title>{title}</title>

            """);
        html.Output.Write("<style>");
        html.Output.Write(Css);
        html.Output.Write("</style>\n</head>\n<body>\n");
    }

    /// <summary>Ends the document.</summary>
    public static void End(HtmlWriter html) => html.Write($"</body>\n</html>\n");

    private static string Build()
    {
        using var stream = typeof(ReportStyle).Assembly.GetManifestResourceStream("AiAssignments.Evaluation.Reports.report.css")
            ?? throw new InvalidOperationException("The style sheet is missing from the assembly.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var heat = new StringBuilder();
        for (var step = 0; step < Palette.HeatSteps.Count; step++)
        {
            heat.Append(System.Globalization.CultureInfo.InvariantCulture, $".h{step}{{fill-opacity:{Palette.HeatSteps[step]}}}\n");
        }

        // A file checked out with CRLF must not change the hash from one machine to another.
        return (reader.ReadToEnd().ReplaceLineEndings("\n") + heat)
            .Replace("/*light*/", Palette.Light.ToCss(), StringComparison.Ordinal)
            .Replace("/*dark*/", Palette.Dark.ToCss(), StringComparison.Ordinal);
    }
}
