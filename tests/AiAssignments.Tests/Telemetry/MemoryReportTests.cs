using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiAssignments.Core.Telemetry.Memory;
using AiAssignments.Evaluation.Reports;
using AiAssignments.Evaluation.Results;
using AiAssignments.Tests.Reports;
using AiAssignments.Tests.Support;

namespace AiAssignments.Tests.Telemetry;

public sealed class MemoryReportTests
{
    [Fact]
    public async Task A_profile_is_in_every_format_and_its_JSON_is_of_the_schema()
    {
        var result = Profiled();
        var page = HtmlDocument.Parse(HtmlReport.Create(result));
        var section = page.Descendants().Single(element => (string?)element.Attribute("id") == "memory");
        var text = section.Value.Replace('\u00A0', ' ');
        foreach (var said in new[] { "<b>Shard", "12.3 GB", "−5.0 MB", "+64.0 MB", "0: +32.0 MB", "1 other", "7 collections" })
        {
            Assert.Contains(said, text, StringComparison.Ordinal);
        }

        using var markdown = new MemoryStream();
        await MarkdownReport.WriteAsync(result, markdown);
        Assert.Contains("## Memory by activity", Encoding.UTF8.GetString(markdown.ToArray()), StringComparison.Ordinal);

        using var json = new MemoryStream();
        await JsonReport.WriteAsync(result, json);
        json.Position = 0;
        Assert.Empty(new SchemaValidator(JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(RepositoryRoot.Path, "docs", "report.schema.json")))!.AsObject()).Validate(JsonNode.Parse(json.ToArray())));
        json.Position = 0;
        var read = await JsonReport.ReadAsync(json);
        Assert.Equal(JsonSerializer.Serialize(result.Memory), JsonSerializer.Serialize(read.Memory));
    }

    [Fact]
    public void A_report_without_one_has_no_such_section() =>
        Assert.DoesNotContain("memory-title", HtmlReport.Create(SampleResults.Sentiment()), StringComparison.Ordinal);

    private static EvaluationResult Profiled() => SampleResults.Sentiment() with
    {
        Memory =
        [
            new MemoryProfile(
                "<b>Shard", 3, 1.5, 12_345_678_901, 64_000_000, 900_000_000, 48_000_000, -5_000_000, 1_000, 0.02,
                [new GenerationMemory("0", 7, 0), new GenerationMemory("1", 3, 0), new GenerationMemory("2", 1, -5_000_000), new GenerationMemory("large", 1, 0), new GenerationMemory("pinned", 1, 0)],
                [new GpuMemory(0, 32_000_000, 0)], 150, 1),
        ],
    };
}
