using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;
using AiAssignments.Evaluation.Reports.Json;

namespace AiAssignments.Evaluation.Reports;

/// <summary>How results are written as JSON, everywhere.</summary>
public static class ReportJson
{
    /// <summary>
    /// camelCase; enums by their wire names; numbers in the shortest form that reads back to the same bits; properties in the order of their declaration, maps by key;
    /// <c>&lt;</c>, <c>&gt;</c> and <c>&amp;</c> escaped, so that it may stand in HTML. NaN and infinities are refused. Read-only.
    /// </summary>
    public static JsonSerializerOptions Options { get; } = Create(indented: false);

    /// <summary>The same, indented by two blanks, as in <c>report.json</c>.</summary>
    public static JsonSerializerOptions Indented { get; } = Create(indented: true);

    private static JsonSerializerOptions Create(bool indented)
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
            WriteIndented = indented,
            NewLine = "\n",
            AllowDuplicateProperties = false,
            TypeInfoResolver = JsonTypeInfoResolver.Combine(ReportJsonContext.Default, new DefaultJsonTypeInfoResolver()),
        };
        options.Converters.Add(new ModelTaskConverter());
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false));
        options.Converters.Add(new OrderedMapConverter());
        options.MakeReadOnly();
        return options;
    }
}
