using System.Text.Json;
using AiAssignments.Core.Errors;
using AiAssignments.Evaluation.Metrics.Shards;

namespace AiAssignments.Tests.Metrics.Shards;

public sealed class SliceAccumulatorTests
{
    [Fact]
    public void Shows_the_most_frequent_values_and_the_rest_together()
    {
        var slices = new SliceAccumulator(["city"]);
        for (var i = 0; i < 60; i++)
        {
            slices.Add([$"v{i:00}"], 0, i == 59 ? 5 : i < 10 ? 1 : 2, 1);
        }

        var found = slices.Compute(0.95);
        Assert.Equal(51, found.Count);
        Assert.Equal(("v59", 5), (found[0].Value, found[0].Count));
        Assert.Equal("v10", found[1].Value);
        Assert.Equal(("(other)", 10), (found[^1].Value, found[^1].Count));
        Assert.Equal(1, found[^1].Accuracy.Value);
        Assert.All(found, slice => Assert.Equal("city", slice.Slice));
    }

    [Theory]
    [InlineData(1, "1")]
    [InlineData(2, "2")]
    [InlineData(3, "3–4")]
    [InlineData(4, "3–4")]
    [InlineData(5, "5–8")]
    [InlineData(64, "33–64")]
    [InlineData(65, "65–128")]
    [InlineData(int.MaxValue, "1073741825–2147483648")]
    public void Lengths_fall_into_powers_of_two(int length, string range)
    {
        var slices = new SliceAccumulator([]);
        slices.Add([], length, 4, 3);
        var slice = Assert.Single(slices.Compute(0.95));
        Assert.Equal(("length", range, 4L, 0.75), (slice.Slice, slice.Value, slice.Count, slice.Accuracy.Value));
    }

    [Fact]
    public void Without_lengths_there_is_no_slice_by_length()
    {
        var slices = new SliceAccumulator([]);
        slices.Add([], 0, 1, 1);
        Assert.Empty(slices.Compute(0.95));
    }

    [Fact]
    public void Too_many_values_are_not_kept_whatever_the_order()
    {
        SliceAccumulator Part(int from, int count)
        {
            var part = new SliceAccumulator(["id"]);
            for (var i = from; i < from + count; i++)
            {
                part.Add([$"{i}"], 3, 1, i % 2);
            }

            return part;
        }

        var whole = Part(0, 12_000);
        var forward = Part(0, 6_000);
        forward.Merge(Part(6_000, 6_000));
        var backward = Part(6_000, 6_000);
        backward.Merge(Part(0, 6_000));
        var late = Part(0, 500);
        late.Merge(Part(500, 11_500));
        var expected = JsonSerializer.Serialize(whole.ToState());
        Assert.All(new[] { forward, backward, late }, part => Assert.Equal(expected, JsonSerializer.Serialize(part.ToState())));
        Assert.Equal(("(other)", 12_000), (whole.Compute(0.95)[0].Value, whole.Compute(0.95)[0].Count));
        Assert.Contains("'id' has more than 10,000", Assert.Single(whole.Notes()), StringComparison.Ordinal);
    }

    [Fact]
    public void Long_values_are_cut_between_characters()
    {
        var slices = new SliceAccumulator(["text"]);
        slices.Add([new string('x', 98) + "😀" + new string('y', 5000)], 0, 1, 1);
        slices.Add([], 0, 1, 0);
        var values = slices.Compute(0.95).Select(slice => slice.Value).ToList();
        Assert.Equal(["", new string('x', 98) + "…"], values);
    }

    [Fact]
    public void Other_columns_are_refused()
    {
        var slices = new SliceAccumulator(["a"]);
        Assert.Equal("shards-differ", Assert.Throws<ProblemException>(() => slices.Merge(new SliceAccumulator([]))).Problem.Code);
    }
}
