using System.Text.Json;
using System.Text.Json.Serialization;

namespace AiAssignments.Pipeline.Workflows;

/// <summary>How workflow payloads are written in every engine: camelCase, enums by their kebab-case wire names, absent values left out.</summary>
public static class WorkflowJson
{
    /// <summary>The options. Not to be changed: histories hold what was written with them.</summary>
    public static JsonSerializerOptions Options { get; } = Make();

    private static JsonSerializerOptions Make()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            // A metric may be undefined; JSON has no NaN of its own.
            NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
        };
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
