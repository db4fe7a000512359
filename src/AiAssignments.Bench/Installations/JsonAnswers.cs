using System.Text.Json;

namespace AiAssignments.Bench.Installations;

/// <summary>Reads answers without trusting their shape: what is not as expected is not there.</summary>
internal static class JsonAnswers
{
    /// <summary>A property down a path; <c>null</c>: absent, null, or no object on the way.</summary>
    public static JsonElement? Property(this JsonElement element, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
            {
                return null;
            }
        }

        return element.ValueKind == JsonValueKind.Null ? null : element;
    }

    public static string? Text(this JsonElement element, params ReadOnlySpan<string> path) =>
        element.Property(path) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    public static double? Number(this JsonElement element, params ReadOnlySpan<string> path) =>
        element.Property(path) is { ValueKind: JsonValueKind.Number } number && number.TryGetDouble(out var value) && double.IsFinite(value) ? value : null;

    public static IEnumerable<JsonElement> Items(this JsonElement element, params ReadOnlySpan<string> path) =>
        element.Property(path) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];
}
