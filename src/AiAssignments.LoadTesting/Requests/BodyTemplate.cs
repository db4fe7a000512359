using System.Globalization;
using System.Text;
using System.Text.Json;

namespace AiAssignments.LoadTesting.Requests;

/// <summary>
/// A body with places to fill: <c>{text}</c> and <c>{pair}</c> by a record's texts, escaped to stand inside a JSON string; <c>{n}</c> by the request's number,
/// which makes each request another one.
/// </summary>
public static class BodyTemplate
{
    /// <summary>What a prediction of this project's gateway takes.</summary>
    public const string Predict = """{"text":"{text}"}""";

    /// <summary>Whether each request is another one.</summary>
    /// <param name="template">The template.</param>
    public static bool IsNumbered(string template) => template.Contains("{n}", StringComparison.Ordinal);

    /// <summary>Fills in a record's texts.</summary>
    /// <param name="template">The template.</param>
    /// <param name="text">For <c>{text}</c>.</param>
    /// <param name="pair">For <c>{pair}</c>; <c>null</c>: empty.</param>
    public static string Fill(string template, string text, string? pair)
    {
        ArgumentNullException.ThrowIfNull(template);
        var filled = new StringBuilder();
        var rest = template.AsSpan();
        while (rest.IndexOf('{') is var at and >= 0)
        {
            filled.Append(rest[..at]);
            rest = rest[at..];
            if (rest.StartsWith("{text}", StringComparison.Ordinal))
            {
                filled.Append(Escaped(text));
                rest = rest["{text}".Length..];
            }
            else if (rest.StartsWith("{pair}", StringComparison.Ordinal))
            {
                filled.Append(Escaped(pair ?? string.Empty));
                rest = rest["{pair}".Length..];
            }
            else
            {
                filled.Append('{');
                rest = rest[1..];
            }
        }

        return filled.Append(rest).ToString();
    }

    /// <summary>Fills in a number.</summary>
    /// <param name="template">The template.</param>
    /// <param name="ordinal">The request's number.</param>
    public static string Number(string template, long ordinal)
    {
        ArgumentNullException.ThrowIfNull(template);
        return template.Replace("{n}", ordinal.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }

    // A brace too: what stands in the data must not become a place to fill.
    private static string Escaped(string text) => JsonEncodedText.Encode(text).Value.Replace("{", "\\u007B", StringComparison.Ordinal);
}
