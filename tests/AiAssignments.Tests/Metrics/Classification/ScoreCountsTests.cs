using AiAssignments.Core.Randomness;
using AiAssignments.Evaluation.Metrics.Classification;
using FsCheck;
using FsCheck.Xunit;

namespace AiAssignments.Tests.Metrics.Classification;

public sealed class ScoreCountsTests
{
    private const int ManyLabels = 4096;

    [Property(MaxTest = 500)]
    public bool Bins_keep_the_order_of_scores(uint first, uint second)
    {
        var one = BitConverter.SingleToUInt32Bits(1f);
        var (low, high) = (Math.Min(first % (one + 1), second % (one + 1)), Math.Max(first % (one + 1), second % (one + 1)));
        return new[] { 2, 4, 6 }.Select(bits => new ScoreKeys(bits)).All(keys => keys.Bin(low) <= keys.Bin(high));
    }

    [Fact]
    public void Bins_keep_the_order_of_all_scores_near_a_half_and_at_the_ends()
    {
        var keys = new ScoreKeys(6);
        foreach (var centre in new[] { 0f, 0.5f, 1f, 1f / (1L << 40) })
        {
            var bits = ScoreKeys.Exact(centre);
            var last = 0u;
            for (var at = bits < 5000 ? 0 : bits - 5000; at <= Math.Min(bits + 5000, ScoreKeys.Exact(1f)); at++)
            {
                Assert.True(keys.Bin(at) >= last);
                last = keys.Bin(at);
            }
        }

        Assert.InRange(keys.Bin(ScoreKeys.Exact(1f)), 1u, 6000u);
    }

    [Fact]
    public void Binned_area_is_within_its_bound_and_order_of_merging_does_not_matter()
    {
        // As many labels as may be, so that the limit of distinct scores is small.
        var random = new Xoshiro256(4);
        var rows = Enumerable.Range(0, 3000).Select(i =>
        {
            var positive = random.Next() % 3 == 0;
            var u = (random.Next() >> 40) * (1f / (1 << 24));
            return (Score: positive ? MathF.Sqrt(u) : u, Positive: positive);
        }).ToList();
        var exact = Fill(rows, 1);
        var binned = Fill(rows, ManyLabels);
        Assert.False(exact.Binned);
        Assert.True(binned.Binned);
        var (area, error) = binned.Area();
        Assert.InRange(error, 1e-4, 0.05);
        Assert.InRange(area!.Value, exact.Area().Area!.Value - error, exact.Area().Area!.Value + error);

        var parts = rows.Chunk(100).Select(part => Fill(part, ManyLabels)).ToList();
        Assert.False(parts[0].Binned);
        foreach (var order in new[] { parts, parts.AsEnumerable().Reverse() })
        {
            var merged = new ScoreCounts(ManyLabels);
            foreach (var part in order)
            {
                merged.Merge(part);
            }

            Assert.Equal(binned.ToState().Counts, merged.ToState().Counts);
        }

        // A part that is binned already, merged into one that is not.
        var late = Fill(rows.Take(100), ManyLabels);
        late.Merge(ScoreCounts.FromState(Fill(rows.Skip(100), ManyLabels).ToState(), ManyLabels));
        Assert.Equal(binned.ToState().Counts, late.ToState().Counts);
    }

    [Fact]
    public void The_note_says_that_scores_are_binned()
    {
        var scores = Fill(Enumerable.Range(1, 300).Select(i => (i / 1000f, i % 2 == 0)), ManyLabels);
        var confusion = new ConfusionMatrix(1);
        confusion.Add(0, 0, 300);
        Assert.Contains(ClassificationNotes.For(["a"], confusion, [scores]), note => note.Contains("binned scores", StringComparison.Ordinal));
    }

    private static ScoreCounts Fill(IEnumerable<(float Score, bool Positive)> rows, int labels)
    {
        var counts = new ScoreCounts(labels);
        foreach (var (score, positive) in rows)
        {
            counts.Add(score, positive);
        }

        return counts;
    }
}
