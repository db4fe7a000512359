using System.Numerics;
using AiAssignments.Core.Errors;
using AiAssignments.Evaluation.Metrics.Statistics;
using AiAssignments.Evaluation.Results;

namespace AiAssignments.Evaluation.Metrics.Shards;

/// <summary>
/// Gathers accuracy by the values of columns and by length. Merging in any order gives the same state as adding all records to one.
/// Not safe for use from several threads at once.
/// </summary>
public sealed class SliceAccumulator
{
    /// <summary>Values of a column shown on their own: 50, the most frequent.</summary>
    public const int ValuesShown = 50;

    /// <summary>Name of the slice by length.</summary>
    public const string LengthSlice = "length";

    // 0, then one range for each power of two up to 2^31.
    private const int LengthRanges = 33;

    private readonly IReadOnlyList<string> names;
    private readonly SliceColumn[] columns;
    private readonly long[] lengthCounts = new long[LengthRanges];
    private readonly long[] lengthRight = new long[LengthRanges];

    /// <summary>Starts empty.</summary>
    /// <param name="columns">Names of the slice columns.</param>
    public SliceAccumulator(IReadOnlyList<string> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        names = columns;
        this.columns = [.. columns.Select(_ => new SliceColumn())];
    }

    /// <summary>Adds a record, or the words of a sentence.</summary>
    /// <param name="values">Its value of each column; missing ones count as empty.</param>
    /// <param name="length">Its length; 0 or less when it has none.</param>
    /// <param name="count">1, or the number of words.</param>
    /// <param name="right">How many of them are right.</param>
    public void Add(IReadOnlyList<string> values, int length, long count, long right)
    {
        ArgumentNullException.ThrowIfNull(values);
        for (var i = 0; i < columns.Length; i++)
        {
            columns[i].Add(i < values.Count ? values[i] : string.Empty, count, right);
        }

        var range = length <= 0 ? 0 : 1 + BitOperations.Log2(BitOperations.RoundUpToPowerOf2((uint)length));
        lengthCounts[range] += count;
        lengthRight[range] += right;
    }

    /// <summary>Adds all that another has gathered.</summary>
    /// <param name="other">Made with the same columns.</param>
    /// <exception cref="ProblemException"><c>shards-differ</c>: it was not.</exception>
    public void Merge(SliceAccumulator other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Add(other.ToState());
    }

    /// <summary>For a shard's result.</summary>
    public SliceState ToState() => new([.. columns.Select(column => column.ToState())], [.. lengthCounts], [.. lengthRight]);

    /// <summary>From a shard's result.</summary>
    /// <param name="state">What <see cref="ToState"/> gave.</param>
    /// <param name="columns">Names of the slice columns.</param>
    /// <exception cref="ProblemException"><c>shards-differ</c>: the state has another number of columns.</exception>
    public static SliceAccumulator FromState(SliceState state, IReadOnlyList<string> columns)
    {
        ArgumentNullException.ThrowIfNull(state);
        var result = new SliceAccumulator(columns);
        result.Add(state);
        return result;
    }

    /// <summary>The slices: columns in order, their values by falling count (equal ones in ordinal order), the rest as <c>(other)</c>; then lengths, rising. Without any length, no slice by length.</summary>
    /// <param name="confidence">Confidence of the intervals, between 0 and 1.</param>
    public IReadOnlyList<SliceMetrics> Compute(double confidence)
    {
        var slices = new List<SliceMetrics>();
        for (var i = 0; i < columns.Length; i++)
        {
            slices.AddRange(columns[i].Top(ValuesShown).Select(value => Slice(names[i], value.Value, value.Count, value.Right)));
        }

        if (lengthCounts.AsSpan(1).ContainsAnyExcept(0L))
        {
            slices.AddRange(Enumerable.Range(0, LengthRanges).Where(i => lengthCounts[i] > 0).Select(i => Slice(LengthSlice, RangeName(i), lengthCounts[i], lengthRight[i])));
        }

        return slices;

        SliceMetrics Slice(string slice, string value, long count, long right) => new(slice, value, count, WilsonInterval.Estimate(right, count, confidence));
    }

    /// <summary>Sentences about columns that have too many values to be shown.</summary>
    public IReadOnlyList<string> Notes() =>
    [
        .. columns.Index().Where(column => column.Item.Overflowed).Select(column =>
            FormattableString.Invariant($"The slice column '{names[column.Index]}' has more than {SliceColumn.MaximumDistinct:N0} different values, too many to slice by.")),
    ];

    private void Add(SliceState state)
    {
        if (state.Columns.Count != columns.Length || state.LengthCounts.Count != LengthRanges || state.LengthRight.Count != LengthRanges)
        {
            throw new ProblemException("shards-differ", "Shards of evaluations with different slice columns cannot be merged.");
        }

        for (var i = 0; i < columns.Length; i++)
        {
            columns[i].Add(state.Columns[i]);
        }

        for (var i = 0; i < LengthRanges; i++)
        {
            lengthCounts[i] += state.LengthCounts[i];
            lengthRight[i] += state.LengthRight[i];
        }
    }

    private static string RangeName(int range) => range <= 2
        ? FormattableString.Invariant($"{range}")
        : FormattableString.Invariant($"{(1L << (range - 2)) + 1}–{1L << (range - 1)}");
}
