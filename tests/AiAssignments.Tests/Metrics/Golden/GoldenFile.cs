using System.Text.Json;
using AiAssignments.Tests.Support;

namespace AiAssignments.Tests.Metrics.Golden;

/// <summary>Reads the files beside it; how they were obtained is in the README.</summary>
internal static class GoldenFile
{
    public static IReadOnlyList<JsonElement> Cases(string name)
    {
        var path = Path.Combine(RepositoryRoot.Path, "tests", "AiAssignments.Tests", "Metrics", "Golden", name);
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        return [.. document.RootElement.Clone().GetProperty("cases").EnumerateArray()];
    }

    public static double[] Numbers(this JsonElement element) => [.. element.EnumerateArray().Select(item => item.GetDouble())];

    /// <summary>Equal to 1e-12, relative for numbers over one.</summary>
    public static void Equal(double expected, double? actual, string what)
    {
        Assert.True(actual is not null, $"{what}: {expected} expected, undefined found");
        var tolerance = 1e-12 * Math.Max(1, Math.Abs(expected));
        Assert.True(Math.Abs(expected - actual.Value) <= tolerance, $"{what}: {expected:R} expected, {actual:R} found");
    }
}
