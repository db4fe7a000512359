using System.Text.Json;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Storage;
using AiAssignments.Pipeline.Workflows;

namespace AiAssignments.Azure.Durable;

/// <summary>Payloads of histories: JSON elements, which the engine's own serializer writes as they are.</summary>
internal static class DurableJson
{
    public static JsonElement Element<T>(T value, string name)
    {
        using var document = JsonDocument.Parse(WorkflowRegistry.Write(value, name));
        return document.RootElement.Clone();
    }

    public static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }

    public static T Read<T>(JsonElement element) => element.Deserialize<T>(DocumentJson.Options)!;

    public static string Text(Problem problem) => JsonSerializer.Serialize(problem, DocumentJson.Options);

    /// <summary>The problem in a failure's message.</summary>
    public static Problem Problem(string? message)
    {
        if (message is { Length: > 1 } && message[0] == '{')
        {
            try
            {
                if (JsonSerializer.Deserialize<Problem>(message, DocumentJson.Options) is { Code.Length: > 0, Message: not null } problem)
                {
                    return problem;
                }
            }
            catch (JsonException)
            {
                // Something else that begins with a brace.
            }
        }

        return new Problem("internal-error", string.IsNullOrEmpty(message) ? "The workflow failed without a word." : message);
    }
}
