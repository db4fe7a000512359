namespace AiAssignments.Optimization.Quantization.Calibration;

/// <summary>
/// Counts values in equal bins on both sides of zero. The range is not known before: when a larger value comes, pairs of bins are merged until it fits, so
/// that one pass over the data is enough.
/// </summary>
internal sealed class ValueHistogram
{
    /// <summary>Bins on each side of zero.</summary>
    public const int Bins = 2048;

    private readonly long[] below = new long[Bins];
    private readonly long[] above = new long[Bins];

    /// <summary>Width of a bin; 0 while only zeros were seen.</summary>
    public float BinWidth { get; private set; }

    private long Zeros { get; set; }

    public void Add(ReadOnlySpan<float> values, float largest)
    {
        // One bin too few for the first largest value would send the next slightly larger one into a merge.
        BinWidth = BinWidth == 0 && largest > 0 ? Math.Max(largest / Bins * 1.25f, float.Epsilon * Bins) : BinWidth;
        while (BinWidth > 0 && largest / BinWidth >= Bins && float.IsFinite(BinWidth * 2))
        {
            BinWidth *= 2;
            Merge(below);
            Merge(above);
        }

        foreach (var value in values)
        {
            if (value == 0)
            {
                Zeros++;
                continue;
            }

            var bin = Math.Min((int)(Math.Abs(value) / BinWidth), Bins - 1);
            (value < 0 ? below : above)[bin]++;
        }
    }

    /// <summary>
    /// Counts by magnitude, both signs together, without exact zeros: every scale represents them exactly, and the many that a rectifier makes would say that only
    /// small numbers matter.
    /// </summary>
    public double[] Magnitudes()
    {
        var counts = new double[Bins];
        for (var i = 0; i < Bins; i++)
        {
            counts[i] = below[i] + above[i];
        }

        return counts;
    }

    /// <summary>The range that leaves out the same share of values at both ends.</summary>
    /// <param name="percent">How many of 100 values lie in it.</param>
    public (float Low, float High) Percentile(double percent)
    {
        var total = below.Sum() + above.Sum() + Zeros;
        var outside = total * (100 - percent) / 200;
        return (-Edge(below, above, outside), Edge(above, below, outside));
    }

    // From the far end inwards, over zero to the other side where all values lie there.
    private float Edge(long[] near, long[] far, double outside)
    {
        var seen = 0L;
        for (var i = Bins - 1; i >= 0; i--)
        {
            seen += near[i];
            if (seen > outside)
            {
                return (i + 1) * BinWidth;
            }
        }

        seen += Zeros;
        for (var i = 0; i < Bins && seen <= outside; i++)
        {
            seen += far[i];
            if (seen > outside)
            {
                return -i * BinWidth;
            }
        }

        return 0;
    }

    private static void Merge(long[] bins)
    {
        for (var i = 0; i < Bins / 2; i++)
        {
            bins[i] = bins[2 * i] + bins[(2 * i) + 1];
        }

        Array.Clear(bins, Bins / 2, Bins / 2);
    }
}
