using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Models;
using AiAssignments.Evaluation.Reports;
using AiAssignments.Evaluation.Results;

namespace AiAssignments.Tests.Reports;

public sealed class JsonReportTests
{
    [Fact]
    public async Task Reading_and_writing_again_gives_the_same_bytes()
    {
        foreach (var result in new[] { SampleResults.Sentiment(), SampleResults.Images(), SampleResults.Entities(), SampleResults.Undefined(), SampleResults.Empty(), SampleResults.Nothing() })
        {
            var first = await Write(result);
            var read = await JsonReport.ReadAsync(new MemoryStream(first));

            Assert.Equal(first, await Write(read));
            Assert.Equal(result.Classification?.LogLoss, read.Classification?.LogLoss);
            Assert.Equal(result.Options.Dataset.Task, read.Options.Dataset.Task);
            Assert.Equal(result.BadRecords, read.BadRecords);
        }
    }

    [Fact]
    public async Task Names_are_camel_case_and_wire_names_and_order_is_stable()
    {
        var result = SampleResults.Sentiment();
        var json = JsonNode.Parse(await Write(result))!;

        Assert.Equal(["schema", "evaluationId", "model", "dataset", "options", "machine", "startedAt", "finishedAt", "counts", "classification", "entities", "slices", "mistakes", "badRecords", "performance", "memory", "notes"], json.AsObject().Select(property => property.Key));
        Assert.Equal("text-classification", json["options"]!["dataset"]!["task"]!.GetValue<string>());
        Assert.Equal(["0", "1"], json["options"]!["dataset"]!["labelMap"]!.AsObject().Select(property => property.Key));
        Assert.Equal("1.0", json["schema"]!.GetValue<string>());
    }

    [Fact]
    public void What_could_close_a_script_element_is_escaped()
    {
        var json = JsonSerializer.Serialize(SampleResults.Hostile(), ReportJson.Options);

        Assert.DoesNotContain("<", json, StringComparison.Ordinal);
        Assert.DoesNotContain("\u2028", json, StringComparison.Ordinal);
    }

    [Fact]
    public void Not_a_number_is_refused() =>
        Assert.Throws<ArgumentException>(() => JsonSerializer.Serialize(new MetricEstimate(double.NaN), ReportJson.Options));

    [Theory]
    [InlineData("", "report-invalid")]
    [InlineData("[]", "report-invalid")]
    [InlineData("null", "report-invalid")]
    [InlineData("{\"schema\":\"1.0\"}", "report-invalid")]
    public async Task What_is_no_report_is_refused(string text, string code)
    {
        var thrown = await Assert.ThrowsAsync<ProblemException>(() => JsonReport.ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes(text))));
        Assert.Equal(code, thrown.Problem.Code);
    }

    [Fact]
    public async Task A_task_that_is_none_and_a_later_schema_are_refused()
    {
        var good = Encoding.UTF8.GetString(await Write(SampleResults.Sentiment()));
        async Task<string> CodeOf(string text) => (await Assert.ThrowsAsync<ProblemException>(() => JsonReport.ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes(text))))).Problem.Code;

        Assert.Equal("report-invalid", await CodeOf(good.Replace("\"task\": \"text-classification\",\n      \"delimiter\"", "\"task\": \"x\",\n      \"delimiter\"", StringComparison.Ordinal)));
        Assert.Equal("report-schema-unknown", await CodeOf(good.Replace("\"schema\": \"1.0\"", "\"schema\": \"2.0\"", StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_task_has_its_wire_name()
    {
        foreach (var task in Enum.GetValues<ModelTask>())
        {
            Assert.Equal(JsonSerializer.Serialize(task.Name()), JsonSerializer.Serialize(task, ReportJson.Options));
        }
    }

    private static async Task<byte[]> Write(EvaluationResult result)
    {
        using var output = new MemoryStream();
        await JsonReport.WriteAsync(result, output);
        return output.ToArray();
    }
}
