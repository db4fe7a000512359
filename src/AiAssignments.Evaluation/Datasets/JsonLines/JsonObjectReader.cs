using System.Text.Json;
using AiAssignments.Core.Datasets;
using AiAssignments.Evaluation.Datasets.Text;

namespace AiAssignments.Evaluation.Datasets.JsonLines;

/// <summary>Reads the wanted properties of one JSON object. Reused from line to line.</summary>
internal sealed class JsonObjectReader(JsonFields fields)
{
    private const int MaxWords = 50_000;

    private static readonly string[] NoSlices = [];
    private readonly Utf8Decoder decoder = new();
    private readonly bool[] seen = new bool[fields.Count];
    private readonly string?[] texts = new string?[fields.Count];
    private List<string>? words;
    private List<string>? tags;

    /// <summary>Why the last object made no record.</summary>
    public string ErrorCode { get; private set; } = string.Empty;

    /// <summary>The same as a sentence.</summary>
    public string ErrorMessage { get; private set; } = string.Empty;

    /// <summary>Reads one line.</summary>
    /// <param name="line">The line, without its end.</param>
    /// <param name="position">Where it stands.</param>
    /// <returns><c>null</c> when it makes no record: see <see cref="ErrorCode"/>.</returns>
    /// <exception cref="JsonException">It is not JSON, or nested too deep.</exception>
    public DatasetRecord? Read(ReadOnlySpan<byte> line, RecordPosition position)
    {
        Array.Clear(seen);
        Array.Clear(texts);
        words = tags = null;
        var json = new Utf8JsonReader(line, JsonLineParser.Options);
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            json.Read();
            Fail("json-not-object", "The line is a JSON value, but not an object ({...}) with the record's properties.");
            return null;
        }

        var good = true;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var slots = Match(ref json, ref good);
            json.Read();
            good = good && (slots == 0 || Take(ref json, slots));
            json.Skip();
        }

        // Anything behind the object is not JSON, and throws.
        json.Read();
        return good ? Build(position) : null;
    }

    private DatasetRecord? Build(RecordPosition position)
    {
        for (var slot = 0; slot < JsonFields.Slices; slot++)
        {
            if (fields.Name(slot) is not null && !seen[slot] && !(slot == JsonFields.Label && fields.AreLabelsOptional))
            {
                var what = slot == JsonFields.Label ? "label" : "input";
                Fail(slot == JsonFields.Label ? "label-missing" : "json-property-missing", $"The object has no property '{fields.Columns[slot]}' ({what}).");
                return null;
            }
        }

        var slices = NoSlices;
        if (fields.Count > JsonFields.Slices)
        {
            slices = new string[fields.Count - JsonFields.Slices];
            for (var i = 0; i < slices.Length; i++)
            {
                slices[i] = texts[JsonFields.Slices + i] ?? string.Empty;
            }
        }

        if (!fields.IsTokens)
        {
            var text = texts[JsonFields.Input]!;
            var tail = texts[JsonFields.Tail];
            text = string.IsNullOrEmpty(tail) ? text : text.Length == 0 ? tail : $"{text} {tail}";
            return new TextRecord(position, text, texts[JsonFields.Pair], fields.AreLabelsOptional && string.IsNullOrWhiteSpace(texts[JsonFields.Label]) ? null : texts[JsonFields.Label], slices);
        }

        if (tags is not null && tags.Count != words!.Count)
        {
            Fail("tags-length", $"The record has {words.Count} words and {tags.Count} tags; as many tags as words are needed.");
            return null;
        }

        return new WordsRecord(position, words!, tags, slices);
    }

    /// <summary>The slots that the property fills, as bits (a column may be the label and a slice).</summary>
    private ulong Match(ref Utf8JsonReader json, ref bool good)
    {
        var slots = 0UL;
        for (var slot = 0; slot < fields.Count; slot++)
        {
            if (fields.Name(slot) is { } name && json.ValueTextEquals(name))
            {
                if (seen[slot] && good)
                {
                    good = Fail("json-duplicate-key", $"The object has two properties '{fields.Columns[slot]}'; which one is meant cannot be told.");
                }

                seen[slot] = true;
                slots |= 1UL << slot;
            }
        }

        return slots;
    }

    private bool Take(ref Utf8JsonReader json, ulong slots)
    {
        for (var slot = 0; slot < fields.Count; slot++)
        {
            if ((slots >> slot & 1) == 0)
            {
                continue;
            }

            var good = slot >= JsonFields.Slices ? TakeScalar(ref json, slot, required: false)
                : slot == JsonFields.Label && fields.AreLabelsOptional && json.TokenType == JsonTokenType.Null ? true
                : slot == JsonFields.Label && fields.IsTokens ? TakeList(ref json, slot, ref tags)
                : slot == JsonFields.Label ? TakeScalar(ref json, slot, required: !fields.AreLabelsOptional || json.TokenType != JsonTokenType.String)
                : fields.IsTokens ? TakeList(ref json, slot, ref words)
                : TakeText(ref json, slot);
            if (!good)
            {
                return false;
            }
        }

        return true;
    }

    private bool TakeText(ref Utf8JsonReader json, int slot) => json.TokenType == JsonTokenType.String
        ? TryDecode(ref json, slot, shared: false, out texts[slot])
        : Fail("json-text-type", $"Property '{fields.Columns[slot]}' is {Kind(json.TokenType)}; a string is needed.");

    private bool TakeScalar(ref Utf8JsonReader json, int slot, bool required)
    {
        switch (json.TokenType)
        {
            case JsonTokenType.String:
                return TryDecode(ref json, slot, shared: true, out texts[slot])
                    && (!required || !string.IsNullOrWhiteSpace(texts[slot]) || Fail("label-missing", $"Property '{fields.Columns[slot]}', the label, is empty; every record needs one."));
            case JsonTokenType.Number:
            case JsonTokenType.True:
            case JsonTokenType.False:
                return decoder.TryDecodeShared(json.ValueSpan, out texts[slot]!, out _);
            default:
                return !required || (json.TokenType == JsonTokenType.Null
                    ? Fail("label-missing", $"Property '{fields.Columns[slot]}', the label, is null; every record needs one.")
                    : Fail("json-label-type", $"Property '{fields.Columns[slot]}', the label, is {Kind(json.TokenType)}; a string, a number, true or false is needed."));
        }
    }

    private bool TakeList(ref Utf8JsonReader json, int slot, ref List<string>? list)
    {
        if (json.TokenType != JsonTokenType.StartArray)
        {
            return Fail("json-list-type", $"Property '{fields.Columns[slot]}' is {Kind(json.TokenType)}; a list is needed.");
        }

        list = [];
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            var number = json.TokenType == JsonTokenType.Number && slot == JsonFields.Label;
            if (json.TokenType != JsonTokenType.String && !number)
            {
                var found = Kind(json.TokenType);
                PassList(ref json);
                return Fail("json-list-type", $"The list '{fields.Columns[slot]}' holds {found}; {(slot == JsonFields.Label ? "strings or integers" : "strings")} are needed.");
            }

            if (list.Count == MaxWords)
            {
                PassList(ref json);
                return Fail("sentence-too-long", $"The list '{fields.Columns[slot]}' has more than {MaxWords} items; a sentence a record is needed.");
            }

            if (!TryDecode(ref json, slot, shared: true, out var item))
            {
                PassList(ref json);
                return false;
            }

            list.Add(item!);
        }

        return true;
    }

    private static void PassList(ref Utf8JsonReader json)
    {
        while (json.TokenType != JsonTokenType.EndArray || json.CurrentDepth > 1)
        {
            json.Read();
        }
    }

    private bool TryDecode(ref Utf8JsonReader json, int slot, bool shared, out string? text)
    {
        if (!json.ValueIsEscaped)
        {
            var valid = shared ? decoder.TryDecodeShared(json.ValueSpan, out text, out var at) : decoder.TryDecode(json.ValueSpan, out text, out at);
            return valid || Fail("text-not-utf8", $"Property '{fields.Columns[slot]}' is not UTF-8: byte 0x{json.ValueSpan[at]:X2} at byte {json.TokenStartIndex + 1 + at} of the line. Save the file as UTF-8.");
        }

        try
        {
            text = json.GetString()!;
        }
        catch (InvalidOperationException)
        {
            text = null;
            return Fail("text-not-utf8", $"Property '{fields.Columns[slot]}' at byte {json.TokenStartIndex} of the line holds bytes that are not UTF-8, or half of a surrogate pair.");
        }

        return !text.Contains('\0', StringComparison.Ordinal) || Fail("text-nul", $"Property '{fields.Columns[slot]}' holds U+0000, which no text holds.");
    }

    private bool Fail(string code, string message)
    {
        ErrorCode = code;
        ErrorMessage = message;
        return false;
    }

    private static string Kind(JsonTokenType token) => token switch
    {
        JsonTokenType.StartArray => "a list",
        JsonTokenType.StartObject => "an object",
        JsonTokenType.Null => "null",
        JsonTokenType.String => "a string",
        JsonTokenType.Number => "a number",
        _ => "true or false",
    };
}
