using AiAssignments.Evaluation.Reports.Html;
using FsCheck.Xunit;

namespace AiAssignments.Tests.Reports;

public sealed class HtmlTextTests
{
    [Property(MaxTest = 400)]
    public void Any_text_comes_back_from_an_element_and_from_an_attribute(string? text)
    {
        using var output = new StringWriter();
        var html = new HtmlWriter(output);
        html.Write($"<p title=\"{text}\">{text}</p>");

        var expected = HtmlText.MakeVisible(text ?? string.Empty);
        var element = HtmlDocument.Parse(output.ToString()).Root!;
        Assert.Equal(Normal(expected), Normal(element.Value));
        Assert.Equal(Normal(expected), Normal(element.Attribute("title")!.Value));
    }

    [Fact]
    public void Every_code_point_may_be_written()
    {
        for (var plane = 0; plane < 17; plane++)
        {
            using var output = new StringWriter();
            var html = new HtmlWriter(output);
            html.Write($"<p>");
            for (var low = 0; low < 0x10000; low++)
            {
                var point = (plane << 16) + low;
                var text = point is >= 0xD800 and <= 0xDFFF ? ((char)point).ToString() : char.ConvertFromUtf32(point);
                html.Write($"{text}");
            }

            html.Write($"</p>");
            Assert.NotEmpty(HtmlDocument.Parse(output.ToString()).Root!.Value);
        }
    }

    [Theory]
    [InlineData("a\u202Eb", "a⟨U+202E⟩b")]
    [InlineData("a\u0000b", "a\u2400b")]
    [InlineData("a\u007Fb", "a\u2421b")]
    [InlineData("👩\u200D🚀 نمی\u200Cخواهم", "👩\u200D🚀 نمی\u200Cخواهم")]
    [InlineData("e\u0301 😀\uFE0F", "e\u0301 😀\uFE0F")]
    public void What_deceives_is_made_visible_and_what_scripts_need_stays(string text, string expected) =>
        Assert.Equal(expected, HtmlText.MakeVisible(text));

    [Fact]
    public void Half_a_surrogate_pair_is_replaced()
    {
        using var output = new StringWriter();
        new HtmlWriter(output).Write($"{"a\uD800b\uDC00"}");

        Assert.Equal("a\uFFFDb\uFFFD", output.ToString());
        Assert.Equal("a\uFFFDb\uFFFD", HtmlText.MakeVisible("a\uD800b\uDC00"));
    }

    [Theory]
    [InlineData("abcdef", 6, "abcdef")]
    [InlineData("abcdefg", 6, "abcde…")]
    [InlineData("abc😀😀", 5, "abc…")]
    public void Clipping_keeps_pairs_whole(string text, int length, string expected) => Assert.Equal(expected, HtmlText.Clip(text, length));

    [Fact]
    public void Markup_encodes_its_holes()
    {
        using var output = new StringWriter();
        new HtmlWriter(output).Write($"<b>{Markup.Of($"<i>{"<x>"}</i>")}</b>");

        Assert.Equal("<b><i>&lt;x&gt;</i></b>", output.ToString());
    }

    // XML reads CR LF and CR as LF in elements, and turns line breaks and tabs in attributes to blanks.
    private static string Normal(string text) => text.Replace("\r\n", " ", StringComparison.Ordinal).Replace('\r', ' ').Replace('\n', ' ').Replace('\t', ' ');
}
