using System.Text.Json;
using AiAssignments.Evaluation.Results;

namespace AiAssignments.Evaluation.Reports.Predictions;

/// <summary>One row as a JSON object, property by property: the hot path of writing a shard's result.</summary>
internal static class PredictionRowJson
{
    private static readonly JsonEncodedText Record = Name("record");
    private static readonly JsonEncodedText Where = Name("where");
    private static readonly JsonEncodedText Input = Name("input");
    private static readonly JsonEncodedText Truth = Name("truth");
    private static readonly JsonEncodedText Predicted = Name("predicted");
    private static readonly JsonEncodedText Confidence = Name("confidence");
    private static readonly JsonEncodedText Probabilities = Name("probabilities");
    private static readonly JsonEncodedText Words = Name("words");
    private static readonly JsonEncodedText TrueTags = Name("trueTags");
    private static readonly JsonEncodedText PredictedTags = Name("predictedTags");
    private static readonly JsonEncodedText Slices = Name("slices");
    private static readonly JsonEncodedText Length = Name("length");

    /// <summary>Writes it. All properties are there, absent values as <c>null</c>.</summary>
    public static void Write(Utf8JsonWriter writer, PredictionRow row)
    {
        writer.WriteStartObject();
        writer.WriteNumber(Record, row.Record);
        writer.WriteString(Where, row.Where);
        writer.WriteString(Input, row.Input);
        writer.WriteString(Truth, row.Truth);
        writer.WriteString(Predicted, row.Predicted);
        writer.WriteNumber(Confidence, row.Confidence);
        if (row.Probabilities is { } probabilities)
        {
            writer.WriteStartArray(Probabilities);
            foreach (var probability in probabilities)
            {
                writer.WriteNumberValue(probability);
            }

            writer.WriteEndArray();
        }
        else
        {
            writer.WriteNull(Probabilities);
        }

        List(writer, Words, row.Words);
        List(writer, TrueTags, row.TrueTags);
        List(writer, PredictedTags, row.PredictedTags);
        List(writer, Slices, row.Slices);
        writer.WriteNumber(Length, row.Length);
        writer.WriteEndObject();
    }

    private static JsonEncodedText Name(string name) => JsonEncodedText.Encode(name);

    private static void List(Utf8JsonWriter writer, JsonEncodedText name, IReadOnlyList<string>? items)
    {
        if (items is null)
        {
            writer.WriteNull(name);
            return;
        }

        writer.WriteStartArray(name);
        for (var i = 0; i < items.Count; i++)
        {
            writer.WriteStringValue(items[i]);
        }

        writer.WriteEndArray();
    }
}
