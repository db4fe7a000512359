using System.Text.Json;
using System.Text.Json.Serialization;

namespace AiAssignments.Core.Storage;

/// <summary>How every document store writes a fact: camelCase, enums by their kebab-case wire names, absent values left out.</summary>
public static class DocumentJson
{
    /// <summary>The options. Not to be changed.</summary>
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
