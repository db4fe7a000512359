using System.Text.Json;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Evaluations;
using AiAssignments.Core.Randomness;
using AiAssignments.Evaluation.Metrics.Entities;

namespace AiAssignments.Tests.Metrics.Entities;

public sealed class EntityAccumulatorTests
{
    private static readonly EvaluationOptions Options = new() { BootstrapSamples = 200 };

    [Fact]
    public void A_lone_I_starts_an_entity_for_conlleval_and_none_in_strict_mode()
    {
        string[] tags = ["O", "I-PER", "I-PER", "O"];
        Assert.Equal([new Chunk(1, 3, "PER")], EntityMode.Conlleval.Read(tags, TagScheme.Iob2));
        Assert.Equal([new Chunk(1, 3, "PER")], EntityMode.SeqevalDefault.Read(tags, TagScheme.Iob2));
        Assert.Empty(EntityMode.SeqevalStrict.Read(tags, TagScheme.Iob2));
        Assert.Equal([new Chunk(1, 3, "PER")], EntityMode.SeqevalStrict.Read(tags, TagScheme.Iob1));
    }

    [Fact]
    public void Strict_mode_refuses_tags_of_another_scheme()
    {
        var strict = Options with { EntityMode = "seqeval-strict", TagScheme = "IOB2" };
        var accumulator = new EntityAccumulator(TagScheme.Iob2, strict);
        Assert.Equal("tag-outside-scheme", accumulator.Refusal(["S-PER"], ["O"])!.Code);
        Assert.Equal("tag-outside-scheme", Assert.Throws<ProblemException>(() => accumulator.AddSentence(["O"], ["X"])).Problem.Code);
        Assert.Equal("tag-count", accumulator.Refusal(["O"], [])!.Code);
        Assert.Equal(0, accumulator.Sentences);
        Assert.Null(new EntityAccumulator(TagScheme.Iob2, strict with { TagScheme = null }).Refusal(["S-PER"], ["O"]));
        Assert.Null(new EntityAccumulator(TagScheme.Iob2, Options).Refusal(["X"], [""]));
    }

    [Fact]
    public void The_scheme_is_recognized_from_all_shards_together()
    {
        var strict = Options with { EntityMode = "seqeval-strict" };

        // The first shard alone looks like IOB2; with the second, IOB1 is broken less often.
        var shard = RandomSentences.Accumulate([(["B-PER", "O"], ["B-PER", "O"])], TagScheme.Iob2, strict);
        Assert.Equal("IOB2", shard.Compute(strict).Scheme);
        shard.Merge(RandomSentences.Accumulate([(["I-PER", "I-PER", "B-PER", "O", "I-LOC"], ["B-PER", "I-PER", "B-PER", "O", "B-LOC"])], TagScheme.Iob2, strict));
        var found = shard.Compute(strict);
        Assert.Equal("IOB1", found.Scheme);
        Assert.Equal("IOB2", found.PredictedScheme);
        Assert.Equal((3, 4, 3), (found.GoldEntities, found.PredictedEntities, found.CorrectEntities));
        Assert.Contains(shard.Notes(), note => note.Contains("compare tags written as IOB2", StringComparison.Ordinal));
        Assert.Contains(shard.Notes(), note => note.StartsWith("1 gold tag breaks IOB1", StringComparison.Ordinal));
    }

    [Fact]
    public void A_difference_of_schemes_is_no_wrong_word()
    {
        var accumulator = new EntityAccumulator(TagScheme.Iob2, Options with { TagScheme = "IOB1" });
        Assert.Equal(3, accumulator.AddSentence(["I-PER", "I-PER", "O"], ["B-PER", "I-PER", "O"]));
        Assert.Equal(1, accumulator.AddSentence(["I-PER", "O"], ["O", "O"]));
        var found = accumulator.Compute(Options);
        Assert.Equal(0.8, found.TokenAccuracy.Value);
        Assert.Equal(["O", "B-PER", "I-PER"], found.Tags);
    }

    [Fact]
    public void Without_entities_figures_are_undefined_and_said_so()
    {
        var accumulator = RandomSentences.Accumulate([(["O"], ["O"])], TagScheme.Iob2, Options);
        var found = accumulator.Compute(Options);
        Assert.All(found.Averages, average => Assert.Null(average.F1.Value));
        Assert.Equal(1, found.TokenAccuracy.Value);
        Assert.Contains(accumulator.Notes(), note => note.Contains("undefined", StringComparison.Ordinal));
    }

    [Fact]
    public void Too_many_tags_are_refused()
    {
        var accumulator = new EntityAccumulator(TagScheme.Iob2, Options);
        string[] tags = [.. Enumerable.Range(0, 1100).Select(i => $"B-{i}")];
        Assert.Equal("too-many-tags", Assert.Throws<ProblemException>(() => accumulator.AddSentence(tags, tags)).Problem.Code);
    }

    [Fact]
    public void Past_the_limit_of_distinct_sentences_only_micro_intervals_are_left_whatever_the_order()
    {
        // Each sentence has its own counts of two types.
        const int Limit = 200;
        IEnumerable<(List<Chunk> Gold, List<Chunk> Predicted)> Sentences() =>
            from a in Enumerable.Range(0, 20)
            from b in Enumerable.Range(0, 20)
            select (Chunks("A", a % 5, 0).Concat(Chunks("B", b % 5, 20)).ToList(), Chunks("A", a / 5, 0).Concat(Chunks("B", b / 5, 20)).ToList());

        var whole = new EntityTally(TagScheme.Iob2, Limit);
        var parts = new List<EntityTally> { new(TagScheme.Iob2, Limit), new(TagScheme.Iob2, Limit), new(TagScheme.Iob2, Limit) };
        var next = 0;
        foreach (var (gold, predicted) in Sentences())
        {
            whole.Add(gold, predicted);
            parts[next++ % 3 == 0 ? 0 : next % 2 + 1].Add(gold, predicted);
        }

        var merged = new EntityTally(TagScheme.Iob2, Limit);
        parts.ForEach(merged.Merge);
        Assert.True(whole.Collapsed);
        Assert.DoesNotContain(parts, part => part.Collapsed);
        Assert.Equal(JsonSerializer.Serialize(whole.ToState()), JsonSerializer.Serialize(merged.ToState()));
        var bootstrap = EntityBootstrap.Run(whole.ToState(), Options with { BootstrapSamples = 100 });
        Assert.NotNull(bootstrap.Micro.Estimate("micro", (0.5, 0.5, 0.5), 0.95, "x").F1.Lower);
        Assert.Null(bootstrap.Macro.Estimate("macro", (0.5, 0.5, 0.5), 0.95, "x").F1.Lower);

        static IEnumerable<Chunk> Chunks(string type, int count, int from) => Enumerable.Range(from, count).Select(i => new Chunk(i, i + 1, type));
    }

    [Fact]
    public void Bootstrap_over_sentences_covers_what_it_says()
    {
        // A large population of sentences; samples of 80 of them.
        var population = RandomSentences.Make(77, 4000)
            .Select(sentence => (Gold: EntityMode.Conlleval.Read(sentence.Gold, TagScheme.Iob2), Predicted: EntityMode.Conlleval.Read(sentence.Predicted, TagScheme.Iob2)))
            .ToList();
        var truth = F1(Tally(population));
        var covered = 0;
        const int Trials = 150;
        for (var trial = 0; trial < Trials; trial++)
        {
            var random = new Xoshiro256((ulong)trial);
            var state = Tally(Enumerable.Range(0, 80).Select(_ => population[(int)(random.Next() % 4000)]));
            var bootstrap = EntityBootstrap.Run(state, Options with { BootstrapSamples = 200, Seed = (ulong)trial });
            var interval = bootstrap.Micro.Estimate("micro", (null, null, F1(state)), 0.95, "x").F1;
            covered += interval.Lower <= truth && truth <= interval.Upper ? 1 : 0;
        }

        Assert.InRange(covered / (double)Trials, 0.90, 0.99);
    }

    private static EntityTallyState Tally(IEnumerable<(IReadOnlyList<Chunk> Gold, IReadOnlyList<Chunk> Predicted)> sentences)
    {
        var tally = new EntityTally(TagScheme.Iob2);
        foreach (var (gold, predicted) in sentences)
        {
            tally.Add(gold, predicted);
        }

        return tally.ToState();
    }

    private static double F1(EntityTallyState tally)
    {
        long Sum(int column) => tally.TypeTotals.Where((_, i) => i % 3 == column).Sum();
        return 2.0 * Sum(2) / (Sum(0) + Sum(1));
    }
}
