using System.Text.Json;
using AiAssignments.Core.Errors;
using AiAssignments.Evaluation.Datasets.Labels;

namespace AiAssignments.Tests.Datasets.Labels;

public class TagMatcherTests
{
    private static readonly string[] Model = ["O", "B-PER", "I-PER", "B-LOC", "I-LOC"];

    private static LabelCounts Seen(params string[] tags) => new(tags.ToDictionary(tag => tag, tag => tag is "O" or "0" ? 90L : 2L), true);

    [Fact]
    public void Types_match_whatever_the_prefixes()
    {
        var match = TagMatcher.Match(Model, Seen("O", "i-per", "S-PER", "E-PER"), [], null);

        Assert.Equal(("name", "I-PER", "S-PER", "O", null), (match.Scheme, match.Resolve("i-per"), match.Resolve("S-PER"), match.Resolve("O"), match.Resolve("B-ORG")));
        Assert.Equal(["LOC"], match.UnusedTypes);
    }

    [Fact]
    public void Unknown_types_are_explained()
    {
        var problem = Assert.Throws<ProblemException>(() => TagMatcher.Match(Model, Seen("O", "B-MISC", "I-ORG", "I-PER"), [], null)).Problem;

        Assert.Equal("labels-mismatch", problem.Code);
        Assert.Contains("'MISC', 'ORG'", problem.Message, StringComparison.Ordinal);
        Assert.Contains("'PER', 'LOC'", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_map_renames_types_or_leaves_them_out()
    {
        var map = new Dictionary<string, string> { ["person"] = "PER", ["B-MISC"] = "O" };
        var match = TagMatcher.Match(Model, Seen("O", "B-person", "B-MISC"), [], map);

        Assert.Equal(("map", "B-PER", "O"), (match.Scheme, match.Resolve("B-person"), match.Resolve("B-MISC")));
        Assert.Throws<ProblemException>(() => TagMatcher.Match(Model, Seen("B-person"), [], new Dictionary<string, string> { ["person"] = "ORG" }));
    }

    [Fact]
    public void Indices_need_names_or_the_models_order()
    {
        Assert.Equal("B-LOC", TagMatcher.Match(Model, Seen("0", "1"), ["O", "B-LOC"], null).Resolve("1"));
        Assert.Equal(("index", "B-PER"), (TagMatcher.Match(Model, Seen("0", "1"), [], null).Scheme, TagMatcher.Match(Model, Seen("0", "1"), [], null).Resolve("1")));
        Assert.Contains("order differs", Assert.Throws<ProblemException>(() => TagMatcher.Match(["B-PER", "O"], Seen("0", "1"), [], null)).Message, StringComparison.Ordinal);
        Assert.Contains("beyond", Assert.Throws<ProblemException>(() => TagMatcher.Match(Model, Seen("0", "9"), [], null)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tag_seen_only_later_is_resolved_by_its_type()
    {
        var match = TagMatcher.Match(Model, Seen("O", "I-LOC"), [], null);

        Assert.Equal(("B-LOC", "S-LOC", "B-PER", null), (match.Resolve("B-LOC"), match.Resolve("s_loc"), match.Resolve("B-per"), match.Resolve("B-ORG")));
        Assert.Equal("O", TagMatcher.Match(Model, Seen("I-PER"), [], null).Resolve("O"));
        var read = JsonSerializer.Deserialize<TagMatch>(JsonSerializer.Serialize(match))!;
        Assert.Equal(("B-LOC", null), (read.Resolve("B-LOC"), read.Resolve("B-ORG")));
    }

    [Fact]
    public void A_map_holds_for_tags_seen_only_later_and_is_checked_whole()
    {
        var map = new Dictionary<string, string> { ["person"] = "per", ["B-MISC"] = "O", ["LOC"] = "PER" };
        var match = TagMatcher.Match(Model, Seen("O", "I-PER"), [], map);

        Assert.Equal(("B-PER", "O", null, "I-PER"), (match.Resolve("B-person"), match.Resolve("B-MISC"), match.Resolve("I-MISC"), match.Resolve("I-LOC")));
        var unknown = new Dictionary<string, string> { ["later"] = "ORG" };
        Assert.Equal("label-map-unknown", Assert.Throws<ProblemException>(() => TagMatcher.Match(Model, Seen("O", "I-PER"), [], unknown)).Problem.Code);
    }

    [Fact]
    public void Indices_mean_only_what_is_declared()
    {
        var match = TagMatcher.Match(Model, Seen("0", "1"), ["O", "B-LOC", "I-LOC"], null);

        Assert.Equal(("I-LOC", null, null), (match.Resolve("2"), match.Resolve("3"), match.Resolve("B-LOC")));
    }
}
