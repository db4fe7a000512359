using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using AiAssignments.Core.Models;
using AiAssignments.Evaluation.Reports;
using AiAssignments.Evaluation.Results;
using AiAssignments.LoadTesting.Reports;

namespace AiAssignments.Tests.Reports;

/// <summary>Makes the JSON Schema of a result from its types and from what their documentation says.</summary>
internal static partial class ReportSchema
{
    private static readonly Dictionary<string, XElement> Documentation = new[] { typeof(EvaluationResult).Assembly, typeof(ModelTask).Assembly, typeof(LoadReport).Assembly }
        .SelectMany(assembly => XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml")).Descendants("member"))
        .ToDictionary(member => member.Attribute("name")!.Value, StringComparer.Ordinal);

    public static JsonObject Create(Type type, string title)
    {
        var schema = ReportJson.Options.GetJsonSchemaAsNode(type, new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Describe }).AsObject();
        var described = new JsonObject { ["$schema"] = "https://json-schema.org/draft/2020-12/schema", ["title"] = title };
        foreach (var (key, value) in schema.ToList())
        {
            schema.Remove(key);
            described[key] = key == "type" ? "object" : value;
        }

        return described;
    }

    private static JsonNode Describe(JsonSchemaExporterContext context, JsonNode schema)
    {
        var type = Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type;
        if (type == typeof(ModelTask))
        {
            schema = new JsonObject { ["enum"] = new JsonArray([.. Enum.GetValues<ModelTask>().Select(task => (JsonNode)task.Name()), null]) };
        }
        else if (type == typeof(IReadOnlyDictionary<string, string>))
        {
            schema = new JsonObject { ["type"] = new JsonArray("object", "null"), ["additionalProperties"] = new JsonObject { ["type"] = "string" } };
        }

        if (context.PropertyInfo?.AttributeProvider is PropertyInfo property && schema is JsonObject node && Text(property) is { } text)
        {
            node.Insert(0, "description", text);
        }

        return schema;
    }

    private static string? Text(PropertyInfo property)
    {
        var type = property.DeclaringType!.FullName!;
        var element = Documentation.GetValueOrDefault($"P:{type}.{property.Name}")?.Element("summary")
            ?? Documentation.GetValueOrDefault($"T:{type}")?.Elements("param").FirstOrDefault(param => param.Attribute("name")?.Value == property.Name);
        if (element is null)
        {
            return null;
        }

        foreach (var reference in element.Descendants().Where(item => item.Attribute("cref") is not null || item.Attribute("name") is not null).ToList())
        {
            var name = (reference.Attribute("cref") ?? reference.Attribute("name"))!.Value.Split('.', ':')[^1];
            reference.ReplaceWith(char.ToLowerInvariant(name[0]) + name[1..]);
        }

        return Blanks().Replace(element.Value, " ").Trim();
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
