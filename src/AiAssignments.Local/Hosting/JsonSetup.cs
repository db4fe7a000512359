using System.Text.Json;
using AiAssignments.Evaluation.Reports;

namespace AiAssignments.Local.Hosting;

/// <summary>Responses are written as reports are: camelCase, wire names for enums.</summary>
internal static class JsonSetup
{
    public static void Apply(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = ReportJson.Options.PropertyNamingPolicy;
        options.DefaultIgnoreCondition = ReportJson.Options.DefaultIgnoreCondition;
        foreach (var converter in ReportJson.Options.Converters)
        {
            options.Converters.Add(converter);
        }
    }
}
