using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using AiAssignments.Evaluation.Reports;
using AiAssignments.Evaluation.Reports.Html;
using AiAssignments.Evaluation.Results;

namespace AiAssignments.Tests.Reports;

public sealed class HtmlReportTests
{
    /// <summary>Elements that the reports are made of; anything else came in through a hole.</summary>
    private static readonly HashSet<string> Elements = new(StringComparer.Ordinal)
    {
        "html", "head", "meta", "title", "style", "body", "div", "header", "nav", "main", "section", "footer", "h1", "h2", "h3", "p", "a", "ul", "li", "dl", "dt", "dd",
        "bdi", "span", "small", "code", "pre", "table", "thead", "tbody", "tfoot", "tr", "th", "td", "figure", "figcaption", "strong", "details", "summary", "img",
        "svg", "desc", "rect", "line", "path", "circle", "text",
    };

    private static readonly HashSet<string> Attributes = new(StringComparer.Ordinal)
    {
        "stroke-dasharray", "lang", "charset", "http-equiv", "content", "name", "class", "id", "href", "title", "aria-label", "aria-labelledby", "aria-hidden", "role", "tabindex", "scope", "dir", "alt", "src",
        "xmlns", "viewBox", "width", "height", "x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "rx", "d", "transform", "text-anchor", "font-size", "fill-opacity", "preserveAspectRatio",
    };

    public static TheoryData<string> Names => [.. All().Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_report_is_well_formed_and_loads_and_runs_nothing(string name)
    {
        var html = All()[name];
        var document = HtmlDocument.Parse(html);

        foreach (var element in document.Descendants())
        {
            Assert.Contains(element.Name.LocalName, Elements);
            Assert.All(element.Attributes(), attribute => Assert.Contains(attribute.Name.LocalName, Attributes));
        }

        Assert.All(document.Descendants().Attributes("href"), href => Assert.StartsWith("#", href.Value, StringComparison.Ordinal));
        Assert.All(document.Descendants().Attributes("src"), src => Assert.StartsWith("data:image/png;base64,", src.Value, StringComparison.Ordinal));
        Assert.DoesNotContain("url(", html, StringComparison.Ordinal);
        Assert.DoesNotContain("@import", html, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Links_and_ids_agree_and_pictures_are_named(string name)
    {
        var document = HtmlDocument.Parse(All()[name]);
        var ids = document.Descendants().Attributes("id").Select(id => id.Value).ToList();

        Assert.Equal(ids.Count, ids.Distinct().Count());
        Assert.All(document.Descendants().Attributes("href"), href => Assert.Contains(href.Value[1..], ids));
        foreach (var picture in document.Descendants().Where(element => element.Name.LocalName == "svg" && element.Attribute("aria-hidden") is null))
        {
            Assert.Equal("img", picture.Attribute("role")?.Value);
            Assert.All(picture.Attribute("aria-labelledby")!.Value.Split(' '), id => Assert.Contains(id, ids));
            Assert.All(picture.Elements().Take(2), label => Assert.NotEmpty(label.Value));
        }

        Assert.All(document.Descendants("img"), image => Assert.NotEmpty(image.Attribute("alt")!.Value));
        Assert.All(document.Descendants("th"), header => Assert.NotNull(header.Attribute("scope")));
        Assert.Single(document.Descendants("h1"));
    }

    [Fact]
    public void The_policy_allows_the_style_by_its_hash_and_nothing_else()
    {
        var document = HtmlDocument.Parse(HtmlReport.Create(SampleResults.Sentiment()));
        var style = document.Descendants("style").Single().Value;
        var policy = document.Descendants("meta").Single(meta => meta.Attribute("http-equiv")?.Value == "Content-Security-Policy").Attribute("content")!.Value;

        var hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(style)));
        Assert.Equal($"default-src 'none'; style-src 'sha256-{hash}'; img-src data:; base-uri 'none'; form-action 'none'", policy);
        Assert.Equal(policy, HtmlReport.ContentSecurityPolicy);
        Assert.Empty(document.Descendants().Attributes("style"));
    }

    [Fact]
    public void The_policy_stands_before_everything_that_it_governs()
    {
        var html = HtmlReport.Create(SampleResults.Hostile());

        Assert.True(html.IndexOf("Content-Security-Policy", StringComparison.Ordinal) < html.IndexOf("<title>", StringComparison.Ordinal));
    }

    [Fact]
    public void Hostile_text_is_shown_as_text()
    {
        var html = HtmlReport.Create(SampleResults.Hostile()) + ComparisonHtmlReport.Create(Between(SampleResults.Hostile()));

        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("onerror=alert(2)>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<svg onload", html, StringComparison.Ordinal);
        Assert.Equal(2, Count(html, "</style>"));
        Assert.DoesNotContain(html.EnumerateRunes(), rune => HtmlText.IsDeceptive(rune.Value));
        Assert.Contains("&lt;/style&gt;&lt;script&gt;alert(1)&lt;/script&gt;", html, StringComparison.Ordinal);
        Assert.Contains("⟨U+202E⟩gnp.exe", html, StringComparison.Ordinal);
        Assert.Contains("\u2400\u2407\u241B[31m", html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_text_is_cut()
    {
        var html = HtmlReport.Create(SampleResults.Hostile());

        Assert.DoesNotContain(new string('W', 301), html, StringComparison.Ordinal);
        Assert.True(html.Length < 200_000, $"{html.Length} characters");
    }

    [Fact]
    public void The_headline_says_what_was_measured_in_one_sentence()
    {
        var result = SampleResults.Sentiment();
        result = result with { Classification = result.Classification! with { Accuracy = SampleMetrics.Wilson(1834, 2000) } };
        var text = HtmlDocument.Parse(HtmlReport.Create(result)).Root!.Value.Replace('\u00A0', ' ');

        // Wilson at 95 % of 1834 of 2000, computed by hand from the formula: 0.90408 to 0.92831.
        Assert.Contains("91.7 % of 2,000 records right; with 95 % confidence between 90.4 % and 92.8 %.", text, StringComparison.Ordinal);
        Assert.Contains("Always answering “positive” would be right on", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Undefined_values_are_named_and_have_one_footnote()
    {
        var undefined = HtmlReport.Create(SampleResults.Undefined());
        var defined = HtmlReport.Create(SampleResults.Sentiment() with { Slices = [] });

        Assert.Contains("<a href=\"#undefined\"", undefined, StringComparison.Ordinal);
        Assert.Equal(1, Count(undefined, "id=\"undefined\""));
        Assert.DoesNotContain("#undefined", defined, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", undefined, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(30, true)]
    [InlineData(31, false)]
    public void A_matrix_is_drawn_up_to_thirty_classes(int classes, bool drawn)
    {
        var result = SampleResults.ManyClasses() with { Classification = SampleMetrics.Classification([.. Enumerable.Range(0, classes).Select(i => "c" + i)], 3000, 0.9, 1) };
        var html = HtmlReport.Create(result);

        Assert.Equal(drawn, html.Contains(">Confusion matrix</title>", StringComparison.Ordinal));
        Assert.Contains("Confused most", html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_thumbnail_is_shown_only_if_it_is_a_png()
    {
        var images = SampleResults.Images();
        var shown = HtmlReport.Create(images);
        var refused = HtmlReport.Create(images with { Mistakes = [.. images.Mistakes.Select(mistake => mistake with { Thumbnail = "<svg/>"u8.ToArray() })] });

        Assert.Equal(12, Count(shown, "<img "));
        Assert.Equal(0, Count(refused, "<img "));
    }

    [Fact]
    public void All_bins_bars_and_marks_stand_inside_their_picture()
    {
        foreach (var (name, html) in All())
        {
            foreach (var picture in HtmlDocument.Parse(html).Descendants().Where(element => element.Name.LocalName == "svg" && element.Attribute("role") is not null))
            {
                var box = picture.Attribute("viewBox")!.Value.Split(' ').Select(double.Parse).ToArray();
                foreach (var rect in picture.Descendants().Where(element => element.Name.LocalName == "rect"))
                {
                    double Of(string attribute) => double.Parse(rect.Attribute(attribute)?.Value ?? "0", System.Globalization.CultureInfo.InvariantCulture);
                    Assert.True(Of("width") >= 0 && Of("height") >= 0 && Of("x") >= 0 && Of("y") >= 0, $"{name}: {rect}");
                    Assert.True(Of("x") + Of("width") <= box[2] + 0.01 && Of("y") + Of("height") <= box[3] + 0.01, $"{name}: {rect}");
                }
            }
        }
    }

    [Fact]
    public async Task The_file_is_the_same_each_time()
    {
        using var first = new MemoryStream();
        using var second = new MemoryStream();
        await HtmlReport.WriteAsync(SampleResults.Images(), first);
        await HtmlReport.WriteAsync(SampleResults.Images(), second);

        Assert.Equal(first.ToArray(), second.ToArray());
        Assert.Equal((byte)'<', first.ToArray()[0]);
    }

    [Fact]
    public void A_comparison_says_the_verdict_and_shows_the_pairs()
    {
        var text = HtmlDocument.Parse(ComparisonHtmlReport.Create(SampleResults.Comparison())).Root!.Value.Replace('\u00A0', ' ');

        Assert.Contains("B is better", text, StringComparison.Ordinal);
        Assert.Contains("125 records on which just one of the two is right: 44 go to A, 81 to B", text, StringComparison.Ordinal);
        Assert.Contains("+1.9 points", text, StringComparison.Ordinal);
        Assert.Contains("McNemar, mid-p", text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_optimization_says_what_the_gate_said_and_what_was_gained()
    {
        var text = HtmlDocument.Parse(OptimizationHtmlReport.Create(SampleOptimizations.Accepted())).Root!.Value.Replace('\u00A0', ' ');
        Assert.Contains("The gate saysaccepted", text, StringComparison.Ordinal);
        Assert.Contains("at most 1 point may be lost", text, StringComparison.Ordinal);
        Assert.Contains("Accepted: accuracy changed by +1.85 points", text, StringComparison.Ordinal);
        Assert.Contains("avx2, avx512-vnni", text, StringComparison.Ordinal);
        Assert.Contains("How it learned", text, StringComparison.Ordinal);

        var refused = HtmlDocument.Parse(OptimizationHtmlReport.Create(SampleOptimizations.Refused())).Root!.Value;
        Assert.Contains("The gate saysrefused", refused, StringComparison.Ordinal);
        Assert.Contains("/encoder/layer.0/output/dense/MatMul", refused, StringComparison.Ordinal);
        Assert.DoesNotContain("How it learned", refused, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2", 2)]
    [InlineData("7", 7)]
    [InlineData(null, 16)]
    public void Seeds_can_be_told_apart_and_the_kept_one_stands_out(string? kept, int expected)
    {
        // Seed 16 is the best; all of them end nearly together, where their labels would lie over each other.
        var result = SampleOptimizations.Accepted() with
        {
            Facts = kept is null ? [] : [new("seed-kept", kept, "")],
            Learning = [.. Enumerable.Range(1, 16).SelectMany(seed => Enumerable.Range(1, 5).Select(epoch => new LearningPoint(seed, epoch, 1, 0.5 + (0.01 * epoch) + (1e-4 * seed))))],
        };
        var chart = HtmlDocument.Parse(OptimizationHtmlReport.Create(result)).Descendants().Single(svg => svg.Name.LocalName == "svg" && svg.Value.Contains("validation accuracy", StringComparison.Ordinal));
        var lines = chart.Descendants().Where(element => element.Name.LocalName == "path").ToList();

        Assert.Equal([$"seed {expected}"], lines.Where(line => line.Attribute("class")!.Value == "lr").Select(line => line.Value));
        Assert.Equal(16, lines.Select(line => line.Value).Distinct().Count());
        Assert.True(lines.Where(line => line.Attribute("class")!.Value == "lo").Select(line => line.Attribute("stroke-dasharray")!.Value).Distinct().Count() > 3);
        var labels = chart.Descendants().Where(text => text.Name.LocalName == "text" && text.Value.StartsWith("seed ", StringComparison.Ordinal)).ToList();
        Assert.Equal(16, labels.Count);
        var places = labels.Select(label => double.Parse(label.Attribute("y")!.Value, System.Globalization.CultureInfo.InvariantCulture)).Order().ToList();
        Assert.All(places.Zip(places.Skip(1)), pair => Assert.True(pair.Second - pair.First >= 11.9));
        Assert.InRange(places[0], 12, 60);
        Assert.True(places[^1] <= 228);
        Assert.Equal(0, HtmlDocument.Parse(OptimizationHtmlReport.Create(result with { Learning = [.. result.Learning!.Where(point => point.Seed == 3)] })).Descendants().Count(text => text.Name.LocalName == "text" && text.Value.StartsWith("seed ", StringComparison.Ordinal)));
    }

    [Fact]
    public void Memory_that_could_not_be_told_is_said_to_be_so()
    {
        var result = SampleOptimizations.Accepted();
        var text = HtmlDocument.Parse(OptimizationHtmlReport.Create(result with { After = result.After with { MemoryBytes = null } })).Root!.Value;
        Assert.Contains("too little to tell", text, StringComparison.Ordinal);
        Assert.DoesNotContain("too little to tell", OptimizationHtmlReport.Create(result), StringComparison.Ordinal);
    }

    private static Dictionary<string, string> All() => new(StringComparer.Ordinal)
    {
        ["two classes"] = HtmlReport.Create(SampleResults.Sentiment()),
        ["ten classes of images"] = HtmlReport.Create(SampleResults.Images()),
        ["twenty-five classes"] = HtmlReport.Create(SampleResults.TwentyFive()),
        ["sixty classes"] = HtmlReport.Create(SampleResults.ManyClasses()),
        ["entities"] = HtmlReport.Create(SampleResults.Entities()),
        ["undefined"] = HtmlReport.Create(SampleResults.Undefined()),
        ["empty"] = HtmlReport.Create(SampleResults.Empty()),
        ["nothing"] = HtmlReport.Create(SampleResults.Nothing()),
        ["hostile"] = HtmlReport.Create(SampleResults.Hostile()),
        ["distillation"] = OptimizationHtmlReport.Create(SampleOptimizations.Accepted()),
        ["refused quantization"] = OptimizationHtmlReport.Create(SampleOptimizations.Refused()),
        ["hostile optimization"] = OptimizationHtmlReport.Create(SampleOptimizations.Hostile()),
        ["comparison"] = ComparisonHtmlReport.Create(SampleResults.Comparison()),
        ["hostile comparison"] = ComparisonHtmlReport.Create(Between(SampleResults.Hostile())),
        ["empty comparison"] = ComparisonHtmlReport.Create(Between(SampleResults.Empty()) with { Differences = [], Paired = 0, BothRight = 0, OnlyA = 0, OnlyB = 0, BothWrong = 0 }),
    };

    private static ComparisonResult Between(EvaluationResult result) => SampleResults.Comparison() with
    {
        A = result,
        B = result,
        Verdict = HostileText.Everything,
        Differences = [new PairedDifference(HostileText.Everything, null, 0.5, new MetricEstimate(null), null, HostileText.Everything)],
    };

    private static int Count(string text, string part) => text.Split(part).Length - 1;
}
