using System.Text.Json;
using System.Text.Json.Serialization;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Models;

namespace AiAssignments.Evaluation.Reports.Json;

/// <summary>A task by its wire name.</summary>
internal sealed class ModelTaskConverter : JsonConverter<ModelTask>
{
    public override ModelTask Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            throw new JsonException("A task is a string.");
        }

        try
        {
            return ModelTasks.Parse(reader.GetString()!);
        }
        catch (ProblemException exception)
        {
            throw new JsonException(exception.Problem.Message, exception);
        }
    }

    public override void Write(Utf8JsonWriter writer, ModelTask value, JsonSerializerOptions options) => writer.WriteStringValue(value.Name());
}
