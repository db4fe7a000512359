using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using AiAssignments.Evaluation.Reports;
using AiAssignments.LoadTesting.Measuring;
using AiAssignments.LoadTesting.Reports;
using AiAssignments.Tests.Reports;
using AiAssignments.Tests.Support;

namespace AiAssignments.Tests.LoadTesting;

/// <summary>A load test as HTML, JSON and CSV.</summary>
public sealed class LoadReportTests
{
    public static TheoryData<string> Names => [.. All().Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_html_is_well_formed_and_loads_and_runs_nothing(string name)
    {
        var html = LoadHtmlReport.Create(All()[name]);
        var document = HtmlDocument.Parse(html);
        var ids = document.Descendants().Attributes("id").Select(id => id.Value).ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());
        Assert.Empty(document.Descendants("script"));
        Assert.Empty(document.Descendants().Attributes("src"));
        Assert.Empty(document.Descendants().Attributes("style"));
        Assert.All(document.Descendants().Attributes("href"), href => Assert.Contains(href.Value[1..], ids));
        Assert.All(document.Descendants("th"), header => Assert.NotNull(header.Attribute("scope")));
        Assert.All(document.Descendants().Where(element => element.Name.LocalName == "svg"), picture => Assert.Equal("img", picture.Attribute("role")!.Value));
        Assert.DoesNotContain("NaN", html, StringComparison.Ordinal);
        Assert.Contains("Content-Security-Policy", html, StringComparison.Ordinal);
    }

    [Fact]
    public void The_html_has_the_figures_and_the_charts_over_time()
    {
        var document = HtmlDocument.Parse(LoadHtmlReport.Create(Reports.WithCapacity()));
        Assert.Equal(["Latency", "Over time", "Requests and errors", "Capacity", "The generator", "How it was measured"], document.Descendants("h2").Select(heading => heading.Value));
        Assert.Equal(
            ["Requests a second", "Latency", "Errors a second", "Under way", "Service time", "The generator's lateness"],
            document.Descendants().Where(element => element.Name.LocalName == "svg").Select(picture => picture.Elements().First().Value));
        var cells = document.Descendants("table").First().Descendants("tr").Skip(1).Select(row => string.Join('|', row.Elements().Select(cell => cell.Value.Replace('\u00A0', ' '))));
        Assert.Equal(
            [
                "Latency|4.20 ms|3.90 ms|0.80 ms|40.0 ms|8.00 ms|10.0 ms|12.5 ms|30.0 ms|10,000",
                "Service time|3.20 ms|2.90 ms|0.70 ms|35.0 ms|7.00 ms|9.00 ms|6.25 ms|25.0 ms|10,000",
            ],
            cells);
        Assert.Contains("Failed: p99>10ms (12.5ms)", document.Root!.Value, StringComparison.Ordinal);
        Assert.Contains("http://127.0.0.1:7071/api/<models>", document.Root.Value, StringComparison.Ordinal);
        Assert.Contains("<script>alert(1)</script>", document.Root.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void A_chart_has_a_line_a_series_with_gaps_where_nothing_was_answered()
    {
        var document = HtmlDocument.Parse(LoadHtmlReport.Create(Reports.Of()));
        var latency = document.Descendants().Where(element => element.Name.LocalName == "svg").ElementAt(1);
        var lines = latency.Elements().Where(element => element.Name.LocalName == "path").Select(path => (Class: path.Attribute("class")!.Value, Points: path.Attribute("d")!.Value.Count(c => c is 'M' or 'L'))).ToList();
        Assert.Equal([("lr", 7), ("lr", 2), ("l", 10), ("lw", 10)], lines);
        Assert.Equal(["p50", "p90", "p99"], latency.Elements().Where(element => element.Attribute("class")?.Value == "s").Select(text => text.Value));
    }

    [Fact]
    public void The_json_is_as_documented_and_versioned()
    {
        var schema = JsonNode.Parse(File.ReadAllText(Path.Combine(RepositoryRoot.Path, "docs", "loadtest.schema.json")))!.AsObject();
        var validator = new SchemaValidator(schema);
        foreach (var report in All().Values)
        {
            var json = JsonSerializer.SerializeToNode(report, ReportJson.Options)!;
            Assert.Empty(validator.Validate(json));
            Assert.Equal("1.0", json["schema"]!.GetValue<string>());
            json["latency"] = 7;
            Assert.NotEmpty(validator.Validate(json));
        }
    }

    [Fact]
    public void The_csv_has_a_row_a_second_whatever_the_culture()
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        CultureInfo.CurrentCulture.NumberFormat.NumberDecimalSeparator = ",";
        try
        {
            var csv = LoadSeriesCsv.Create([new SecondPoint(0, 10, 9, 1, 1.23456, 2, 3.5, 4, 1, 2, 3, 4, 500, 0.04, 0.125), new SecondPoint(1, 0, 0, 0, null, null, null, null, null, null, 0, 0, 0, null, 0)]);
            Assert.Equal($"{LoadSeriesCsv.Header}\n0,10,9,1,1.2346,2,3.5,4,1,2,3,4,500,0.04,0.125\n1,0,0,0,,,,,,,0,0,0,,0\n", csv);
            Assert.All(csv.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.Equal(15, line.Split(',').Length));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public async Task A_folder_gets_all_three()
    {
        using var folder = new TemporaryFolder();
        var html = await LoadReportFolder.WriteAsync(Reports.Of(), folder.File("new/folder"));
        Assert.Equal(["loadtest.html", "loadtest.json", "seconds.csv"], Directory.GetFiles(Path.GetDirectoryName(html)!).Select(Path.GetFileName).Order());
    }

    private static Dictionary<string, LoadReport> All() => new()
    {
        ["usual"] = Reports.Of(),
        ["capacity"] = Reports.WithCapacity(),
        ["empty"] = Reports.Empty(),
    };
}
