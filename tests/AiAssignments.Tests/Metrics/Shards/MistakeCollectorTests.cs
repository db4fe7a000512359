using AiAssignments.Evaluation.Metrics.Shards;
using AiAssignments.Evaluation.Results;
using FsCheck.Xunit;

namespace AiAssignments.Tests.Metrics.Shards;

public sealed class MistakeCollectorTests
{
    [Property]
    public bool Keeps_the_most_confident_whatever_the_order(byte[] confidences, byte most, byte cut)
    {
        var all = confidences.Select((c, i) => new Mistake(i, "", "", "", "", (c % 5) / 4.0)).ToList();
        var expected = all.OrderByDescending(m => m.Confidence).ThenBy(m => m.Record).Take(most % 8).Select(m => m.Record);
        var merged = new MistakeCollector(most % 8);
        foreach (var part in all.Chunk(1 + (cut % 7)).Reverse())
        {
            var shard = new MistakeCollector(most % 8);
            shard.AddAll(part);
            merged.AddAll(shard.Mistakes);
        }

        return merged.Mistakes.Select(m => m.Record).SequenceEqual(expected);
    }

    [Fact]
    public void Keeps_none_when_none_are_wanted() => Assert.False(new MistakeCollector(0).Wants(1, 0));
}
