using System.Xml.Linq;
using AiAssignments.Bench.Comparing;
using AiAssignments.Bench.Reports;
using AiAssignments.Bench.Table;
using AiAssignments.Tests.Support;

namespace AiAssignments.Tests.Bench;

public sealed class BenchReportTests
{
    [Fact]
    public void Markdown_has_median_spread_target_and_ratio()
    {
        var text = BenchMarkdown.Create(BenchSamples.Full()).Replace('\u00A0', ' ');
        Assert.Contains("| Gateway | 1.20 ms (1.00 ms to 1.40 ms) | 40.0 ms (30.0 ms to 50.0 ms) | 5.00 ms / 25.0 ms | 0.24 / 1.60 |", text, StringComparison.Ordinal);
        Assert.Contains("| WebSocket | 0.30 ms |  |  |  |", text, StringComparison.Ordinal);
        Assert.Contains("| Gateway | 12,000 /s (11,000 /s to 13,000 /s) | 10,000 /s | 1.20 |", text, StringComparison.Ordinal);
        Assert.Contains("2 of 3 targets are met.", text, StringComparison.Ordinal);
        Assert.Contains("Test CPU, 2 cores, 8 GB", text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_datasets_and_notes_say_is_text()
    {
        var text = BenchMarkdown.Create(BenchSamples.Full());
        Assert.Contains("a&lt;b&gt;\\|c", text, StringComparison.Ordinal);
        Assert.Contains("A note &lt;of&gt; \\*mine\\*.", text, StringComparison.Ordinal);
        var html = BenchHtml.Create(BenchSamples.Full());
        Assert.DoesNotContain("a<b>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<of>", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Html_is_well_formed_and_shows_what_is_met()
    {
        var page = XDocument.Parse(BenchHtml.Create(BenchSamples.Full()).Replace("<!DOCTYPE html>", string.Empty, StringComparison.Ordinal));
        var ratios = page.Descendants("span").Where(span => (string?)span.Attribute("class") is "tr" or "tw").Select(span => ((string?)span.Attribute("class"), span.Value)).ToList();
        Assert.Contains(("tr", "0.24"), ratios);
        Assert.Contains(("tw", "1.60"), ratios);
        Assert.Equal(["missed", "response-times", "throughput", "quality", "notes", "method"], page.Descendants("section").Select(section => section.Attribute("id")!.Value));
    }

    [Fact]
    public void What_is_missed_stands_first_with_what_would_be_needed_the_farthest_before()
    {
        var table = BenchSamples.Table(
            BenchSamples.Row("gateway.p99", BenchSection.ResponseTimes, "Gateway", "p99", "ms", BenchDirection.Lower, 25, 40, 50, 30),
            BenchSamples.Row("evaluation.megabytes-per-second", BenchSection.Throughput, "Evaluation", "MB/s", "MB/s", BenchDirection.Higher, 50, 2.5),
            BenchSamples.Row("upload.users", BenchSection.Throughput, "Upload", "users at once", "users", BenchDirection.Higher, 25, 0),
            BenchSamples.Row("store.p99", BenchSection.ResponseTimes, "Store", "p99", "ms", BenchDirection.Lower, 50, 5));
        Assert.Equal([("upload.users", "nothing was reached"), ("evaluation.megabytes-per-second", "20.0 times as much"), ("gateway.p99", "1.60 times faster")], BenchMissed.Of(table).Select(missed => (missed.Row.Figure.Id, missed.Words)));
        var text = BenchMarkdown.Create(table).Replace('\u00A0', ' ');
        Assert.Contains("## Targets that are missed", text, StringComparison.Ordinal);
        Assert.Contains("| Gateway: p99 | 40.0 ms | 25.0 ms | 1.60 times faster |", text.Replace("\\:", ":", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain("are missed", BenchMarkdown.Create(BenchSamples.Table(BenchSamples.Time("a", 1))), StringComparison.Ordinal);
    }

    [Fact]
    public void The_committed_table_is_as_the_program_writes_it()
    {
        var docs = Path.Combine(RepositoryRoot.Path, "docs");
        Assert.Equal(File.ReadAllText(Path.Combine(docs, "performance.md")), BenchMarkdown.Create(BenchTableFile.Read(Path.Combine(docs, "performance.json"))));
    }

    [Fact]
    public void A_comparison_stands_first_with_what_changed()
    {
        var (before, after) = (BenchSamples.Table(BenchSamples.Time("gateway.p99", 10, 10.5, 11)), BenchSamples.Table(BenchSamples.Time("gateway.p99", 20, 21, 22)));
        var comparison = BenchComparison.Of(before, after);
        Assert.Contains("1 regression beyond noise", BenchMarkdown.Create(after, comparison), StringComparison.Ordinal);
        Assert.Contains("worse: gateway.p99: 10.5 ms → 21.0 ms, +100 %", BenchMarkdown.Create(after, comparison).Replace('\u00A0', ' ').Replace("\\", string.Empty, StringComparison.Ordinal), StringComparison.Ordinal);
        var page = XDocument.Parse(BenchHtml.Create(after, comparison).Replace("<!DOCTYPE html>", string.Empty, StringComparison.Ordinal));
        Assert.Equal("compared", page.Descendants("section").First().Attribute("id")!.Value);
    }

    [Fact]
    public void A_table_without_figures_is_a_table_still()
    {
        var empty = BenchSamples.Table();
        Assert.Contains("No targets were set.", BenchMarkdown.Create(empty), StringComparison.Ordinal);
        Assert.NotEmpty(XDocument.Parse(BenchHtml.Create(empty).Replace("<!DOCTYPE html>", string.Empty, StringComparison.Ordinal)).Descendants("header"));
    }

    [Theory]
    [InlineData(0.0123, "0.012")]
    [InlineData(0.5, "0.50")]
    [InlineData(12.34, "12.3")]
    [InlineData(1234, "1,234")]
    public void Ratios_have_three_digits_or_so(double ratio, string text) => Assert.Equal(text, BenchNumbers.Ratio(ratio));

    [Fact]
    public void Medians_are_of_the_middle()
    {
        Assert.Equal(2, BenchSamples.Time("a", 3, 1, 2).Median);
        Assert.Equal(2.5, BenchSamples.Time("a", 4, 1, 2, 3).Median);
        Assert.True(BenchSamples.Row("a", BenchSection.Throughput, "s", "n", "/s", BenchDirection.Higher, 2, 2, 2).Met);
        Assert.False(BenchSamples.Row("a", BenchSection.Throughput, "s", "n", "ms", BenchDirection.Lower, 2, 2.1).Met);
    }

    [Fact]
    public void Under_a_part_of_the_load_a_target_can_be_missed_and_not_met()
    {
        BenchRow Row(BenchDirection better, double value) => BenchSamples.Row("a", BenchSection.ResponseTimes, "s", "n", "ms", better, 10, value) with { LoadShare = 0.025 };
        Assert.Null(Row(BenchDirection.Lower, 9).Met);
        Assert.False(Row(BenchDirection.Lower, 11).Met);
        Assert.Null(Row(BenchDirection.Higher, 9).Met);
        Assert.True(Row(BenchDirection.Higher, 10).Met);
        Assert.False(Row(BenchDirection.Higher, 0).Met);
        Assert.Equal(0.9, Row(BenchDirection.Lower, 9).Ratio);
        Assert.Contains("No target can be judged. 1 does not count", BenchWords.Targets(BenchSamples.Table(Row(BenchDirection.Lower, 9))), StringComparison.Ordinal);
        Assert.Contains("250 samples a round or more", BenchMarkdown.Create(BenchSamples.Table(BenchSamples.Time("a", 1) with { Samples = 250 })), StringComparison.Ordinal);
    }
}
