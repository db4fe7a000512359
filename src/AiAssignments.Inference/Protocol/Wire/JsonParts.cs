using System.Text.Json;
using AiAssignments.Core.Errors;

namespace AiAssignments.Inference.Protocol.Wire;

/// <summary>Small pieces of a message's JSON, each refused with its place.</summary>
internal static class JsonParts
{
    /// <summary>Runs a reading of JSON and turns what the reader throws into a problem.</summary>
    public static ProblemException Broken(JsonException broken) =>
        new(new Problem("json-invalid", $"The JSON is broken: {FirstSentence(broken.Message)}", $"line {broken.LineNumber + 1}, byte {broken.BytePositionInLine}"), broken);

    public static void Next(ref Utf8JsonReader reader) => _ = reader.Read();

    public static void Expect(ref Utf8JsonReader reader, JsonTokenType type, string what, string where)
    {
        if (reader.TokenType != type)
        {
            throw Invalid($"{what} is needed, and {Describe(reader.TokenType)} was found", ref reader, where);
        }
    }

    public static string Text(ref Utf8JsonReader reader, int longest, string where)
    {
        Expect(ref reader, JsonTokenType.String, "A string", where);
        if (reader.ValueSpan.Length > longest * 6)
        {
            throw Invalid($"The string is longer than {longest} characters", ref reader, where);
        }

        try
        {
            var text = reader.GetString()!;
            return text.Length <= longest ? text : throw Invalid($"The string is longer than {longest} characters", ref reader, where);
        }
        catch (InvalidOperationException)
        {
            throw Invalid("The string is no valid UTF-8", ref reader, where);
        }
    }

    public static long[] Shape(ref Utf8JsonReader reader, ProtocolLimits limits, string where)
    {
        Expect(ref reader, JsonTokenType.StartArray, "An array of whole numbers", where);
        var shape = new List<long>(4);
        for (Next(ref reader); reader.TokenType != JsonTokenType.EndArray; Next(ref reader))
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var size))
            {
                throw Invalid("A dimension must be a whole number", ref reader, where);
            }

            if (shape.Count == limits.Rank)
            {
                throw Invalid($"The shape has more than {limits.Rank} dimensions", ref reader, where);
            }

            shape.Add(size);
        }

        return [.. shape];
    }

    public static IReadOnlyDictionary<string, ParameterValue> Parameters(ref Utf8JsonReader reader, ProtocolLimits limits, string where)
    {
        Expect(ref reader, JsonTokenType.StartObject, "An object", where);
        var parameters = new Dictionary<string, ParameterValue>(StringComparer.Ordinal);
        for (Next(ref reader); reader.TokenType != JsonTokenType.EndObject; Next(ref reader))
        {
            var name = PropertyName(ref reader, where);
            Next(ref reader);
            if (!parameters.TryAdd(name, Parameter(ref reader, $"{where}.{name}")))
            {
                throw Invalid($"'{name}' is there twice", ref reader, where);
            }

            if (parameters.Count > limits.Parameters)
            {
                throw Invalid($"There are more than {limits.Parameters} parameters", ref reader, where);
            }
        }

        return parameters;
    }

    public static string PropertyName(ref Utf8JsonReader reader, string where)
    {
        if (reader.ValueSpan.Length > 1024)
        {
            throw Invalid("A name is longer than 1024 bytes", ref reader, where);
        }

        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw Invalid("A name is no valid UTF-8", ref reader, where);
        }
    }

    public static ProblemException Invalid(string found, ref Utf8JsonReader reader, string where) =>
        new("request-invalid", $"{found}, at byte {reader.TokenStartIndex} of the JSON.", where.Length == 0 ? null : where);

    private static ParameterValue Parameter(ref Utf8JsonReader reader, string where)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.True or JsonTokenType.False:
                return ParameterValue.Of(reader.GetBoolean());
            case JsonTokenType.String:
                return ParameterValue.Of(Text(ref reader, 65_536, where));
            case JsonTokenType.Number:
                return reader.TryGetInt64(out var whole) ? ParameterValue.Of(whole) : ParameterValue.Of(reader.GetDouble());
            case JsonTokenType.StartObject or JsonTokenType.StartArray or JsonTokenType.Null:
                // No parameter of this server has such a value; another server's may (MLServer nests headers).
                reader.Skip();
                return default;
            default:
                throw Invalid("A parameter must be a string, a number or a boolean", ref reader, where);
        }
    }

    private static string Describe(JsonTokenType type) => type switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => "a string",
        JsonTokenType.Number => "a number",
        JsonTokenType.True or JsonTokenType.False => "a boolean",
        JsonTokenType.Null => "null",
        _ => "something else",
    };

    private static string FirstSentence(string message)
    {
        var end = message.IndexOf(" LineNumber", StringComparison.Ordinal);
        return end < 0 ? message : message[..end];
    }
}
