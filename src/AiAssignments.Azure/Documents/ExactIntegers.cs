using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AiAssignments.Azure.Documents;

/// <summary>Whole numbers that a double does not hold (Cosmos DB's numbers are doubles), such as a seed, are written as strings, so that they come back as they were.</summary>
/// <typeparam name="T">A 64-bit integer.</typeparam>
internal sealed class ExactIntegers<T> : JsonConverter<T>
    where T : struct, IBinaryInteger<T>
{
    private static readonly T Most = T.CreateChecked(1L << 53);

    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.TokenType switch
        {
            JsonTokenType.String => reader.GetString(),
            JsonTokenType.Number when reader.TryGetDecimal(out var number) && decimal.IsInteger(number) => number.ToString("0", CultureInfo.InvariantCulture),
            _ => null,
        };
        return T.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : throw new JsonException("It must be a 64-bit integer.");
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
    {
        if (value > Most || (T.IsNegative(value) && value + Most < T.Zero))
        {
            writer.WriteStringValue(value.ToString(null, CultureInfo.InvariantCulture));
        }
        else
        {
            writer.WriteNumberValue(long.CreateChecked(value));
        }
    }
}
