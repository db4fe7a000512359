using System.Text.RegularExpressions;

namespace AiAssignments.Http.OpenApi;

/// <summary>Route templates as OpenAPI has them.</summary>
internal static partial class PathTemplate
{
    /// <summary>With a leading slash, a catch-all as a plain parameter.</summary>
    public static string Describe(string template) => "/" + Parameter().Replace(template, "{$1}");

    public static IEnumerable<string> Names(string template) => Parameter().Matches(template).Select(found => found.Groups[1].Value);

    [GeneratedRegex(@"\{\*{0,2}([A-Za-z]+)\}", RegexOptions.CultureInvariant)]
    private static partial Regex Parameter();
}
