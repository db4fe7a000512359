using System.Text.Json;
using AiAssignments.Core.Errors;
using AiAssignments.Evaluation.Datasets.Labels;

namespace AiAssignments.Tests.Datasets.Labels;

public class LabelMatcherTests
{
    private static readonly string[] Topics = ["World", "Sports", "Business", "Sci/Tech"];

    private static LabelCounts Seen(bool complete, params string[] labels) =>
        new(labels.GroupBy(label => label).ToDictionary(group => group.Key, group => (long)group.Count()), complete);

    [Theory]
    [InlineData("name", "sports| WORLD", "Sports", 1)]
    [InlineData("index", "0|3", "2", 2)]
    [InlineData("index", "0.0|3.0", "1.0", 1)]
    [InlineData("index", "LABEL_0", "LABEL_3", 3)]
    [InlineData("1-based index", "4|2", "1", 0)]
    [InlineData("1-based index", "1|4", "4", 3)]
    public void Evidence_decides(string scheme, string seen, string raw, int index)
    {
        var match = LabelMatcher.Match(Topics, Seen(false, seen.Split('|')), [], null)!;

        Assert.Equal(scheme, match.Scheme);
        Assert.Equal(index, match.Resolve(raw));
        Assert.Equal(-1, match.Resolve("4.5"));
        Assert.Equal(-1, match.Resolve("5"));
        Assert.Equal(-1, match.Resolve(""));
    }

    [Fact]
    public void Without_evidence_a_full_scan_is_asked_for_and_then_an_answer()
    {
        Assert.Null(LabelMatcher.Match(Topics, Seen(false, "1", "2", "3"), [], null));
        Assert.Null(LabelMatcher.Match(Topics, Seen(false), [], null));
        var problem = Mismatch(Topics, Seen(true, "1", "2", "3"));
        Assert.Contains("neither 0 nor 4 occurs", problem.Message, StringComparison.Ordinal);
        Assert.Contains("label map", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0|4", "one index more")]
    [InlineData("0|1|7", "run from 0 to 7")]
    [InlineData("-1|1", "run from -1 to 1")]
    [InlineData("positive|negative", "not the same names")]
    [InlineData("World|Health", "not the same names")]
    public void A_mismatch_is_explained(string seen, string reason)
    {
        Assert.Contains(reason, Mismatch(Topics, Seen(true, seen.Split('|'))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_class_only_matches_by_name_but_not_by_a_number_in_the_middle()
    {
        Assert.Equal("name", LabelMatcher.Match(["negative", "positive"], Seen(true, "positive"), [], null)!.Scheme);
        Assert.Equal("labels-mismatch", Mismatch(["negative", "positive"], Seen(true, "1")).Code);
        Assert.Equal("index", LabelMatcher.Match(["negative", "positive"], Seen(true, "0"), [], null)!.Scheme);
    }

    [Fact]
    public void A_rare_unknown_label_is_a_bad_record_not_a_mismatch()
    {
        var counts = new LabelCounts(new Dictionary<string, long> { ["World"] = 999, ["Wrold"] = 1 }, true);
        var match = LabelMatcher.Match(Topics, counts, [], null)!;

        Assert.Equal("name", match.Scheme);
        Assert.Equal(-1, match.Resolve("Wrold"));
        Assert.Equal("index", LabelMatcher.Match(Topics, new LabelCounts(new Dictionary<string, long> { ["0"] = 500, ["-1"] = 1 }, true), [], null)!.Scheme);
    }

    [Fact]
    public void Declared_names_give_indices_a_meaning_even_in_another_order()
    {
        var match = LabelMatcher.Match(["negative", "positive"], Seen(true, "1"), ["Positive", "Negative"], null)!;

        Assert.Equal("declared names", match.Scheme);
        Assert.Equal((1, 0, -1), (match.Resolve("0"), match.Resolve("1"), match.Resolve("2")));
        Assert.Contains("'up', 'down'", Mismatch(["negative", "positive"], Seen(true, "0", "1"), ["up", "down"]).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Placeholder_labels_of_a_model_match_indices()
    {
        var match = LabelMatcher.Match(["LABEL_0", "LABEL_1"], Seen(true, "0", "1"), ["negative", "positive"], null)!;

        Assert.Equal(("index", 1), (match.Scheme, match.Resolve("1")));
    }

    [Fact]
    public void A_map_wins_and_is_checked()
    {
        var map = new Dictionary<string, string> { ["neg"] = "negative", ["POS"] = "1" };
        var match = LabelMatcher.Match(["negative", "positive"], Seen(true, "neg", "pos", "positive"), [], map)!;

        Assert.Equal("map", match.Scheme);
        Assert.Equal((0, 1, 1, -1), (match.Resolve("neg"), match.Resolve("Pos"), match.Resolve("positive"), match.Resolve("x")));
        Assert.Equal("label-map-unknown", Assert.Throws<ProblemException>(() =>
            LabelMatcher.Match(["a", "b"], Seen(true, "x"), [], new Dictionary<string, string> { ["x"] = "c" })).Problem.Code);
    }

    [Fact]
    public void Labels_that_differ_in_case_only_are_told_apart_exactly()
    {
        var match = LabelMatcher.Match(["us", "US"], Seen(true, "US", "us"), [], null)!;

        Assert.Equal((0, 1, -1), (match.Resolve("us"), match.Resolve("US"), match.Resolve("Us")));
    }

    [Fact]
    public void True_and_false_are_indices_of_two_labels()
    {
        var match = LabelMatcher.Match(["ham", "spam"], Seen(true, "true", "false"), [], null)!;

        Assert.Equal(("index", 1, 0), (match.Scheme, match.Resolve("true"), match.Resolve("False")));
    }

    [Fact]
    public void A_match_survives_serialization()
    {
        var match = LabelMatcher.Match(Topics, Seen(true, "World"), [], null)!;
        var copy = JsonSerializer.Deserialize<LabelMatch>(JsonSerializer.Serialize(match))!;

        Assert.Equal(3, copy.Resolve("sci/tech"));
    }

    [Fact]
    public void No_labels_at_all_is_said()
    {
        Assert.Equal("labels-missing", Mismatch(Topics, Seen(true)).Code);
    }

    private static Problem Mismatch(string[] model, LabelCounts seen, string[]? declared = null) =>
        Assert.Throws<ProblemException>(() => LabelMatcher.Match(model, seen, declared ?? [], null)).Problem;
}
