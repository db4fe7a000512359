namespace AiAssignments.Optimization.Quantization.Calibration;

/// <summary>
/// Where to clip magnitudes so that the distribution after quantization stays nearest to the one before, by Kullback-Leibler divergence (S. Migacz,
/// "8-bit inference with TensorRT", GTC 2017): for each candidate, values beyond it count in the last bin of the reference; the quantized one spreads each
/// level's count evenly over its bins that are not empty.
/// </summary>
internal static class EntropyThreshold
{
    private const int Step = 16;

    /// <summary>Finds the clipping point.</summary>
    /// <param name="counts">Counts of magnitudes in equal bins from zero.</param>
    /// <param name="binWidth">Width of a bin.</param>
    /// <param name="levels">Levels on this side of zero.</param>
    public static float Find(double[] counts, float binWidth, int levels)
    {
        var used = Array.FindLastIndex(counts, count => count > 0) + 1;
        if (used <= levels)
        {
            return used * binWidth;
        }

        var (best, least) = (used, double.PositiveInfinity);
        var inside = 0.0;
        var total = counts.Sum();
        var reference = new double[used];
        for (var (bins, summed) = (levels, 0); ; bins = Math.Min(bins + Step, used))
        {
            for (; summed < bins; summed++)
            {
                inside += counts[summed];
            }

            Array.Copy(counts, reference, bins);
            reference[bins - 1] += total - inside;
            var divergence = Divergence(reference.AsSpan(0, bins), counts.AsSpan(0, bins), levels, total, inside);
            if (divergence < least)
            {
                (best, least) = (bins, divergence);
            }

            if (bins == used)
            {
                return best * binWidth;
            }
        }
    }

    private static double Divergence(ReadOnlySpan<double> reference, ReadOnlySpan<double> counts, int levels, double total, double inside)
    {
        var divergence = 0.0;
        for (var level = 0; level < levels; level++)
        {
            var (from, to) = ((int)((long)level * counts.Length / levels), (int)((long)(level + 1) * counts.Length / levels));
            var (sum, filled) = (0.0, 0);
            for (var i = from; i < to; i++)
            {
                sum += counts[i];
                filled += counts[i] > 0 ? 1 : 0;
            }

            for (var i = from; i < to; i++)
            {
                if (reference[i] > 0)
                {
                    // Where the quantized one says "never" (only clipped values lie there), a small probability keeps the sum finite.
                    var expected = counts[i] > 0 ? sum / filled / inside : 1e-9;
                    divergence += reference[i] / total * Math.Log(reference[i] / total / expected);
                }
            }
        }

        return divergence;
    }
}
