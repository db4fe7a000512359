using AiAssignments.Pipeline.Caching;
using AiAssignments.Pipeline.Predictions;
using ZiggyCreatures.Caching.Fusion.Internals;
using ZiggyCreatures.Caching.Fusion.Internals.Distributed;

namespace AiAssignments.Tests.Caching;

public sealed class CacheSerializerTests
{
    private static readonly CacheSerializer Serializer = new();

    [Fact]
    public void An_entry_comes_back_as_it_was()
    {
        var answer = new PredictionAnswer([new LabelProbability("yes", 0.1f), new LabelProbability("no", float.NaN)], [new WordTag("w", "O", 1f / 3)], true, null);
        var metadata = new FusionCacheEntryMetadata(true, 5, "etag", 6, 7, 2);
        var entry = new FusionCacheDistributedEntry<PredictionAnswer>(answer, 638_000_000_000_000_000, 638_100_000_000_000_000, ["models"], metadata);
        var back = Serializer.Deserialize<FusionCacheDistributedEntry<PredictionAnswer>>(Serializer.Serialize(entry))!;
        Assert.Equal(answer.Labels, back.Value.Labels);
        Assert.Equal(answer.Tags, back.Value.Tags);
        Assert.True(back.Value.Truncated);
        Assert.Equal((entry.Timestamp, entry.LogicalExpirationTimestamp), (back.Timestamp, back.LogicalExpirationTimestamp));
        Assert.Equal(["models"], back.Tags!);
        Assert.Equal((true, 5L, "etag", 6L, 7L, (byte)2), (back.Metadata!.IsStale, back.Metadata.EagerExpirationTimestamp, back.Metadata.ETag, back.Metadata.LastModifiedTimestamp, back.Metadata.Size, back.Metadata.Priority));
    }

    [Fact]
    public void Any_changed_bit_and_any_cut_is_refused()
    {
        var data = Serializer.Serialize("a text of some length");
        for (var bit = 0; bit < data.Length * 8; bit++)
        {
            var changed = data.ToArray();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Throws<InvalidDataException>(() => Serializer.Deserialize<string>(changed));
        }

        for (var length = 0; length < data.Length; length++)
        {
            Assert.Throws<InvalidDataException>(() => Serializer.Deserialize<string>(data[..length]));
        }
    }
}
