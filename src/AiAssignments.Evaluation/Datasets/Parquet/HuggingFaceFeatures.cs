using System.Text.Json;

namespace AiAssignments.Evaluation.Datasets.Parquet;

/// <summary>
/// What the <c>huggingface</c> entry of a file's key-value metadata says about its columns: JSON, <c>info.features</c>, a feature a column,
/// with <c>names</c> for a class label and <c>feature</c> for what a sequence holds (Hugging Face datasets documentation, "Features").
/// </summary>
internal sealed class HuggingFaceFeatures
{
    private const int MaxNames = 100_000;

    /// <summary>Class names by column.</summary>
    public Dictionary<string, IReadOnlyList<string>> Names { get; } = new(StringComparer.Ordinal);

    /// <summary>Columns that hold images.</summary>
    public HashSet<string> Images { get; } = new(StringComparer.Ordinal);

    /// <summary>Reads the entry; <c>null</c> when there is none or it is not what is expected: then the file is plain Parquet.</summary>
    public static HuggingFaceFeatures? Parse(string? json)
    {
        if (json is null)
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 64 });
            if (!Try(document.RootElement, "info", out var info) || !Try(info, "features", out var features) || features.ValueKind != JsonValueKind.Object)
            {
                return null;
            }

            var found = new HuggingFaceFeatures();
            foreach (var feature in features.EnumerateObject())
            {
                found.Add(feature.Name, feature.Value);
            }

            return found;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool Try(JsonElement element, string name, out JsonElement value)
    {
        value = default;
        return element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out value);
    }

    private void Add(string column, JsonElement feature)
    {
        // A list is written as {"feature": …} or, by older versions, as an array of one.
        feature = feature.ValueKind == JsonValueKind.Array && feature.GetArrayLength() == 1 ? feature[0] : feature;
        feature = Try(feature, "feature", out var inner) ? inner : feature;
        if (Try(feature, "_type", out var type) && type.ValueKind == JsonValueKind.String && type.ValueEquals("Image"))
        {
            Images.Add(column);
        }

        if (Try(feature, "names", out var names) && names.ValueKind == JsonValueKind.Array && names.GetArrayLength() <= MaxNames
            && names.EnumerateArray().All(name => name.ValueKind == JsonValueKind.String))
        {
            Names[column] = [.. names.EnumerateArray().Select(name => name.GetString()!)];
        }
    }
}
