namespace AiAssignments.Pipeline.Optimizations;

/// <summary>Where an optimization's report lies.</summary>
public static class OptimizationPaths
{
    /// <summary>The report for a person.</summary>
    public const string Html = "optimization.html";

    /// <summary>The same as Markdown.</summary>
    public const string Markdown = "optimization.md";

    /// <summary>The same for programs.</summary>
    public const string Json = "optimization.json";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> Files { get; } = [Html, Markdown, Json];

    internal const string Root = "optimizations/";

    /// <summary>Blob path of the folder, with a trailing <c>/</c>.</summary>
    internal static string Report(string id, string model, string pass) =>
        $"{Root}{model.Replace('@', '-')}--{string.Concat(pass.Select(character => char.IsAsciiLetterOrDigit(character) ? character : '-'))}--{id[..8]}/";
}
