using System.Text.Json;
using AiAssignments.Core.Errors;

namespace AiAssignments.Inference.Models;

/// <summary>Reads the properties of a JSON object with errors that name the property, and knows which were read.</summary>
internal sealed class JsonFields
{
    private const int LongestList = 100_000;
    private readonly JsonElement element;
    private readonly string path;
    private readonly string prefix;
    private readonly string code;
    private readonly HashSet<string> read = new(StringComparer.Ordinal);

    public JsonFields(JsonElement element, string path, string code, string prefix = "")
    {
        (this.element, this.path, this.code, this.prefix) = (element, path, code, prefix);
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw Wrong(string.Empty, "an object");
        }
    }

    /// <summary>Parses a file of at most 4 MiB.</summary>
    public static JsonDocument Load(string path, string code)
    {
        const int largest = 4 << 20;
        var length = new FileInfo(path).Length;
        if (length > largest)
        {
            throw new ProblemException(code, $"The file has {length} bytes; at most {largest} are read.", path);
        }

        try
        {
            // Utf8JsonReader takes no byte order mark, which editors on Windows write.
            var bytes = File.ReadAllBytes(path).AsMemory();
            return JsonDocument.Parse(bytes.Span.StartsWith("\uFEFF"u8) ? bytes[3..] : bytes, new JsonDocumentOptions { MaxDepth = 32 });
        }
        catch (JsonException broken)
        {
            throw new ProblemException(new(code, "This is not valid JSON.", $"{path}, line {broken.LineNumber + 1}"), broken);
        }
    }

    public ProblemException Wrong(string name, string needed) =>
        new(code, $"'{(name.Length == 0 ? prefix.TrimEnd('.') : prefix + name)}' {(Has(name) || name.Length == 0 ? "must be" : "is missing; it must be")} {needed}.", path);

    public bool Has(string name) => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null;

    public JsonElement? Raw(string name)
    {
        read.Add(name);
        return Has(name) ? element.GetProperty(name) : null;
    }

    public string? Text(string name) => Raw(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } value => value.GetString(),
        _ => throw Wrong(name, "a string"),
    };

    public string NeedText(string name) => Text(name) is { Length: > 0 } text ? text : throw Wrong(name, "a string that is not empty");

    public int? Int(string name, int least, int most)
    {
        if (Raw(name) is not { } value)
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= least && number <= most
            ? number
            : throw Wrong(name, $"a whole number from {least} to {most}");
    }

    public int NeedInt(string name, int least, int most) => Int(name, least, most) ?? throw Wrong(name, $"a whole number from {least} to {most}");

    public double? Number(string name)
    {
        if (Raw(name) is not { } value)
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number)
            ? number
            : throw Wrong(name, "a finite number");
    }

    public bool? Flag(string name) => Raw(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        _ => throw Wrong(name, "true or false"),
    };

    public JsonFields? Object(string name) => Raw(name) is { } value ? new JsonFields(value, path, code, $"{prefix}{name}.") : null;

    public List<string>? Texts(string name) => List(name, "a list of strings", item => item.ValueKind == JsonValueKind.String ? item.GetString() : null);

    public List<double>? Numbers(string name) =>
        List<double?>(name, "a list of finite numbers", item => item.ValueKind == JsonValueKind.Number && item.TryGetDouble(out var number) && double.IsFinite(number) ? number : null)
            ?.ConvertAll(number => number!.Value);

    /// <summary>Refuses properties that nobody asked for: a misspelt one would be silently without effect.</summary>
    public void RefuseOthers()
    {
        foreach (var property in element.EnumerateObject())
        {
            if (!read.Contains(property.Name) && property.Name != "$schema")
            {
                throw new ProblemException(code, $"'{prefix}{property.Name}' is not a property here; known are {string.Join(", ", read.Order(StringComparer.Ordinal))}.", path);
            }
        }
    }

    private List<T>? List<T>(string name, string needed, Func<JsonElement, T?> convert)
    {
        if (Raw(name) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() > LongestList)
        {
            throw Wrong(name, needed);
        }

        return [.. value.EnumerateArray().Select(item => convert(item) ?? throw Wrong(name, needed))];
    }
}
