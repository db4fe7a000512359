using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiAssignments.Evaluation.Reports;
using AiAssignments.Evaluation.Results;
using AiAssignments.LoadTesting.Reports;
using AiAssignments.Tests.Support;

namespace AiAssignments.Tests.Reports;

/// <summary>The schemas in <c>docs/</c> are made from the types; run the tests with <c>AIA_WRITE_SCHEMAS=1</c> to write them again.</summary>
public sealed class ReportSchemaTests
{
    [Theory]
    [InlineData("report.schema.json", typeof(EvaluationResult), "Report of an evaluation by AI Assignments")]
    [InlineData("optimization.schema.json", typeof(OptimizationResult), "Optimization of a model by AI Assignments")]
    [InlineData("comparison.schema.json", typeof(ComparisonResult), "Comparison of two evaluations by AI Assignments")]
    [InlineData("loadtest.schema.json", typeof(LoadReport), "Load test by AI Assignments")]
    public void The_schema_in_docs_is_that_of_the_types(string file, Type type, string title)
    {
        var path = Path.Combine(RepositoryRoot.Path, "docs", file);
        var schema = ReportSchema.Create(type, title);
        if (Environment.GetEnvironmentVariable("AIA_WRITE_SCHEMAS") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, schema.ToJsonString(new JsonSerializerOptions { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }) + "\n");
        }

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(File.ReadAllText(path)), schema), $"docs/{file} is not what the types say; run the tests with AIA_WRITE_SCHEMAS=1.");
    }

    [Fact]
    public void Real_reports_are_valid()
    {
        var validator = new SchemaValidator(Read("report.schema.json"));
        foreach (var result in new[] { SampleResults.Sentiment(), SampleResults.Images(), SampleResults.Entities(), SampleResults.Undefined(), SampleResults.Empty(), SampleResults.Nothing(), SampleResults.Hostile() })
        {
            Assert.Empty(validator.Validate(JsonSerializer.SerializeToNode(result, ReportJson.Options)));
        }

        foreach (var result in new[] { SampleOptimizations.Accepted(), SampleOptimizations.Refused(), SampleOptimizations.Hostile() })
        {
            Assert.Empty(new SchemaValidator(Read("optimization.schema.json")).Validate(JsonSerializer.SerializeToNode(result, ReportJson.Options)));
        }

        Assert.Empty(new SchemaValidator(Read("comparison.schema.json")).Validate(JsonSerializer.SerializeToNode(SampleResults.Comparison(), ReportJson.Options)));
    }

    [Fact]
    public void Every_property_of_a_real_report_is_described()
    {
        var undocumented = new List<string>();
        Walk(Read("report.schema.json"), "$", undocumented);

        Assert.Empty(undocumented);
    }

    [Theory]
    [InlineData("model", "{}")]
    [InlineData("counts", "7")]
    [InlineData("schema", "1")]
    [InlineData("startedAt", "null")]
    [InlineData("options", "{\"dataset\":{\"task\":\"sentiment\"}}")]
    public void A_broken_report_is_not(string property, string value)
    {
        var report = JsonSerializer.SerializeToNode(SampleResults.Sentiment(), ReportJson.Options)!;
        report[property] = JsonNode.Parse(value);

        Assert.NotEmpty(new SchemaValidator(Read("report.schema.json")).Validate(report));
    }

    private static JsonObject Read(string file) => JsonNode.Parse(File.ReadAllText(Path.Combine(RepositoryRoot.Path, "docs", file)))!.AsObject();

    private static void Walk(JsonNode? schema, string path, List<string> undocumented)
    {
        if (schema is not JsonObject node)
        {
            return;
        }

        foreach (var (name, property) in node["properties"]?.AsObject() ?? [])
        {
            if (property is not JsonObject described || !described.ContainsKey("description"))
            {
                undocumented.Add($"{path}.{name}");
            }

            Walk(property, $"{path}.{name}", undocumented);
        }

        Walk(node["items"], path + "[]", undocumented);
    }
}
