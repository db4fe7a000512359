namespace AiAssignments.Optimization.Pruning.Magnitude;

/// <summary>
/// Finds the magnitude below which exactly so many of all weights lie, by counting: the bits of a non-negative float32 order as the numbers do, so two rounds of
/// 2^16 counters (upper halves, then lower halves within one of these) find it in linear time, holding one tensor at a time.
/// </summary>
internal sealed class SmallestMagnitudes
{
    private const int Half = 1 << 16;
    private readonly uint threshold;
    private long ties;

    private SmallestMagnitudes(uint threshold, long ties) => (this.threshold, this.ties) = (threshold, ties);

    /// <summary>Prepares to take the smallest.</summary>
    /// <param name="tensors">Reads the tensors, the same ones in the same order each time it is called.</param>
    /// <param name="count">How many elements of all are taken; at least 1 and at most all of them.</param>
    public static SmallestMagnitudes Of(Func<IEnumerable<float[]>> tensors, long count)
    {
        var upper = new long[Half];
        foreach (var values in tensors())
        {
            foreach (var value in values)
            {
                upper[Bits(value) >> 16]++;
            }
        }

        var (high, left) = Find(upper, count);
        var lower = new long[Half];
        foreach (var values in tensors())
        {
            foreach (var value in values)
            {
                if (Bits(value) is var bits && bits >> 16 == high)
                {
                    lower[bits & (Half - 1)]++;
                }
            }
        }

        var (low, ties) = Find(lower, left);
        return new((high << 16) | low, ties);
    }

    /// <summary>Whether the next element is among the smallest. Of equal ones, those asked about first are.</summary>
    /// <param name="value">Elements in the order of the tensors.</param>
    public bool TakesNext(float value) => Bits(value) is var bits && (bits < threshold || (bits == threshold && ties-- > 0));

    private static uint Bits(float value) => BitConverter.SingleToUInt32Bits(MathF.Abs(value));

    private static (uint At, long Left) Find(long[] counts, long count)
    {
        var at = 0u;
        for (; count > counts[at]; at++)
        {
            count -= counts[at];
        }

        return (at, count);
    }
}
