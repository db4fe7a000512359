using System.Text.Json;
using AiAssignments.Core.Errors;

namespace AiAssignments.Inference.Tokenization.Loading;

/// <summary>A value of a JSON file together with where it is, for messages.</summary>
/// <param name="Element">The value.</param>
/// <param name="File">Path of the file.</param>
/// <param name="Path">Its path inside, for example <c>model.vocab</c>.</param>
internal readonly record struct JsonPlace(JsonElement Element, string File, string Path)
{
    /// <summary>Where it is, for a problem.</summary>
    public string Where => Path.Length == 0 ? File : $"{File}, {Path}";

    public bool IsNull => Element.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined;

    public bool IsObject => Element.ValueKind == JsonValueKind.Object;

    public bool IsString => Element.ValueKind == JsonValueKind.String;

    /// <summary>Value of <c>type</c>.</summary>
    public string Type => this["type"].AsString();

    /// <summary>A property; an absent one is null.</summary>
    public JsonPlace this[string name]
    {
        get
        {
            if (Element.ValueKind is not (JsonValueKind.Object or JsonValueKind.Null or JsonValueKind.Undefined))
            {
                throw Wrong("an object");
            }

            return new JsonPlace(
                Element.ValueKind == JsonValueKind.Object && Element.TryGetProperty(name, out var value) ? value : default,
                File,
                Path.Length == 0 ? name : $"{Path}.{name}");
        }
    }

    public string AsString() => TryString() ?? throw Wrong("a string");

    /// <summary>The string, or <c>null</c> where it is null or absent.</summary>
    public string? TryString()
    {
        try
        {
            return IsNull ? null : Element.ValueKind == JsonValueKind.String ? Element.GetString() : throw Wrong("a string");
        }
        catch (InvalidOperationException)
        {
            throw Wrong("a string of whole characters");
        }
    }

    public bool AsBool(bool fallback) => Element.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Null or JsonValueKind.Undefined => fallback,
        _ => throw Wrong("true or false"),
    };

    /// <summary>A whole number from 0 up, not above <paramref name="most"/>.</summary>
    public int AsInt(int most) => Element.ValueKind == JsonValueKind.Number && Element.TryGetInt64(out var value) && value >= 0 && value <= most
        ? (int)value
        : throw Wrong($"a whole number from 0 to {most}");

    public IEnumerable<JsonPlace> AsArray()
    {
        if (Element.ValueKind != JsonValueKind.Array)
        {
            throw Wrong("an array");
        }

        var (file, path) = (File, Path);
        return Element.EnumerateArray().Select((item, index) => new JsonPlace(item, file, $"{path}[{index}]"));
    }

    /// <summary>What is wrong when something else is found.</summary>
    public ProblemException Wrong(string needed) => TokenizerProblems.Invalid(
        IsNull ? $"{needed} is needed here; nothing is there." : $"{needed} is needed here; found {Element.ValueKind}.", Where);
}
