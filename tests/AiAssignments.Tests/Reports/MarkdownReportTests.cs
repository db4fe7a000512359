using System.Text.RegularExpressions;
using AiAssignments.Evaluation.Reports;
using AiAssignments.Evaluation.Reports.Html;
using AiAssignments.Evaluation.Reports.Markdown;

namespace AiAssignments.Tests.Reports;

public sealed partial class MarkdownReportTests
{
    [Fact]
    public void Hostile_text_stays_in_its_cell_and_means_nothing()
    {
        foreach (var markdown in new[] { MarkdownReport.Create(SampleResults.Hostile()), MarkdownReport.Create(SampleResults.Comparison() with { A = SampleResults.Hostile(), B = SampleResults.Hostile(), Verdict = HostileText.Everything }), OptimizationMarkdown.Create(SampleOptimizations.Hostile()) })
        {
            var prose = Fence().Replace(markdown, string.Empty);
            Assert.DoesNotContain("<", prose, StringComparison.Ordinal);
            Assert.DoesNotMatch(@"(?<!\\)(\\\\)*[`\[\]]", prose);
            Assert.DoesNotContain("http:", prose, StringComparison.Ordinal);
            Assert.DoesNotContain(markdown.EnumerateRunes(), rune => HtmlText.IsDeceptive(rune.Value));
            var columns = 0;
            foreach (var line in prose.Split('\n'))
            {
                var cells = line.StartsWith('|') ? Pipe().Count(line) : 0;
                Assert.True(columns == 0 || cells == 0 || cells == columns, line);
                columns = cells;
            }
        }
    }

    [Fact]
    public void A_command_with_fences_in_it_does_not_end_the_block()
    {
        var page = new MarkdownPage();
        page.Code("a\n```\n# out\n````");

        Assert.Equal("`````sh\na\n```\n# out\n````\n`````\n\n", page.ToString());
    }

    [Theory]
    [InlineData("a|b", "a\\|b")]
    [InlineData("# x", "\\# x")]
    [InlineData("1. x", "1\\. x")]
    [InlineData("1.5", "1.5")]
    [InlineData("2026-03-01", "2026-03-01")]
    [InlineData("- x", "\\- x")]
    [InlineData("a\nb", "a b")]
    [InlineData("<b>&amp;", "&lt;b&gt;&amp;amp;")]
    [InlineData("http://x.y", "http\\://x.y")]
    [InlineData("www.x.y", "www\\.x.y")]
    [InlineData("[a](b)", "\\[a\\](b)")]
    public void Only_what_means_something_is_escaped(string text, string expected) => Assert.Equal(expected, MarkdownText.Escape(text));

    [Fact]
    public void The_report_has_the_figures()
    {
        var markdown = MarkdownReport.Create(SampleResults.Images()).Replace('\u00A0', ' ');

        Assert.StartsWith("# fashion-cnn 1.2.0 on fashion-mnist-test.zip\n\n**Accuracy ", markdown, StringComparison.Ordinal);
        Assert.Contains("| Figure | Value | Interval |\n| --- | --- | ---: |\n| Accuracy |", markdown, StringComparison.Ordinal);
        Assert.Contains("aia evaluate --model fashion-cnn@1.2.0 --dataset fashion-mnist-test.zip --out reports", markdown, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", markdown, StringComparison.Ordinal);
        Assert.Contains("B is better", MarkdownReport.Create(SampleResults.Comparison()), StringComparison.Ordinal);
        Assert.NotEmpty(MarkdownReport.Create(SampleResults.Entities()));
        Assert.NotEmpty(MarkdownReport.Create(SampleResults.Empty()));
    }

    [GeneratedRegex(@"^(`{3,})sh\n.*?\n\1\n", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"(?<!\\)(\\\\)*\|")]
    private static partial Regex Pipe();
}
