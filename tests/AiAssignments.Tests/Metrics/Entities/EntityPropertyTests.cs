using System.Text.Json;
using AiAssignments.Core.Evaluations;
using AiAssignments.Evaluation.Metrics.Entities;
using FsCheck.Xunit;

namespace AiAssignments.Tests.Metrics.Entities;

public sealed class EntityPropertyTests
{
    private static readonly string[] Modes = ["conlleval", "seqeval-default", "seqeval-strict"];

    [Property(MaxTest = 40)]
    public bool Merging_shards_in_any_order_equals_scoring_at_once(byte seed, byte size, byte cut)
    {
        var options = OptionsFor(seed);
        var sentences = RandomSentences.Make(seed, size);
        var shards = sentences.Chunk(1 + (cut % 30)).Select(part => RoundTrip(RandomSentences.Accumulate(part, TagScheme.Iob2, options), options)).ToList();
        var merged = new EntityAccumulator(TagScheme.Iob2, options);
        foreach (var i in Enumerable.Range(0, shards.Count).OrderBy(i => unchecked((i + 1) * (seed + 7919) % 104729)))
        {
            merged.Merge(shards[i]);
        }

        var once = RandomSentences.Accumulate(sentences, TagScheme.Iob2, options);
        return Json(merged) == Json(once)
            && JsonSerializer.Serialize(merged.Compute(options)) == JsonSerializer.Serialize(once.Compute(options))
            && merged.Notes().SequenceEqual(once.Notes())
            && merged.Sentences == sentences.Count;
    }

    [Property(MaxTest = 40)]
    public bool Counts_and_intervals_are_in_bounds(byte seed, byte size)
    {
        var options = OptionsFor(seed);
        var found = RandomSentences.Accumulate(RandomSentences.Make(seed, size, "IBES"[..(seed % 2 == 0 ? 2 : 4)]), seed % 2 == 0 ? TagScheme.Iob2 : TagScheme.Iobes, options).Compute(options);
        return found.CorrectEntities <= Math.Min(found.GoldEntities, found.PredictedEntities)
            && found.GoldEntities == found.Types.Sum(type => type.Support)
            && found.PredictedEntities == found.Types.Sum(type => type.Predicted)
            && found.TagConfusion.Sum(row => row.Sum()) == found.Tokens
            && found.Averages.SelectMany(a => new[] { a.Precision, a.Recall, a.F1 }).Append(found.TokenAccuracy)
                .All(e => e.Value is null ? e.Lower is null : 0 <= e.Lower && e.Lower <= e.Value && e.Value <= e.Upper && e.Upper <= 1);
    }

    [Property(MaxTest = 40)]
    public bool Predicting_the_gold_tags_is_perfect_in_every_mode(byte seed)
    {
        var options = OptionsFor(seed) with { TagScheme = "IOB2" };
        var sentences = RandomSentences.Make(seed, 30).Select(sentence => (sentence.Gold, sentence.Gold));
        var found = RandomSentences.Accumulate(sentences, TagScheme.Iob2, options).Compute(options);
        return found.CorrectEntities == found.GoldEntities && found.CorrectEntities == found.PredictedEntities && found.TokenAccuracy.Value is 1 or null;
    }

    [Property(MaxTest = 40)]
    public bool The_same_entities_in_another_scheme_are_right(byte seed)
    {
        var iob2 = RandomSentences.Make(seed, 20).Select(sentence => EntityAccumulator.CommonTags(sentence.Gold).ToArray()).ToList();
        var options = new EvaluationOptions { BootstrapSamples = 30, TagScheme = "IOB1", EntityMode = Modes[seed % 3] };
        var found = RandomSentences.Accumulate(iob2.Select(tags => (ToIob1(tags), tags)), TagScheme.Iob2, options).Compute(options);
        return found.CorrectEntities == found.GoldEntities && found.CorrectEntities == found.PredictedEntities && found.TokenAccuracy.Value is 1 or null;
    }

    private static string[] ToIob1(string[] tags) =>
    [
        .. tags.Select((tag, i) => tag[0] == 'B' && (i == 0 || tags[i - 1] == "O" || tags[i - 1][2..] != tag[2..]) ? $"I{tag[1..]}" : tag),
    ];

    private static EvaluationOptions OptionsFor(byte seed) => new() { BootstrapSamples = 30, EntityMode = Modes[seed % 3] };

    private static string Json(EntityAccumulator accumulator) => JsonSerializer.Serialize(accumulator.ToState());

    private static EntityAccumulator RoundTrip(EntityAccumulator accumulator, EvaluationOptions options) =>
        EntityAccumulator.FromState(JsonSerializer.Deserialize<EntityState>(Json(accumulator))!, TagScheme.Iob2, options);
}
