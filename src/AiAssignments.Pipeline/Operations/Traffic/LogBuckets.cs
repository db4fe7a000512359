using System.Numerics;

namespace AiAssignments.Pipeline.Operations.Traffic;

/// <summary>
/// Log-linear buckets of microseconds, as in an HDR histogram: 32 to an octave, so that a value's bucket tells it to within 1.6 %; exact below 64 µs; about 71 minutes and more are one bucket.
/// </summary>
internal static class LogBuckets
{
    private const int SubBits = 5;
    private const int Sub = 1 << SubBits;
    private const long Largest = (1L << 32) - 1;

    /// <summary>Buckets in all.</summary>
    public const int Count = (32 - SubBits + 1) * Sub;

    /// <summary>The bucket of a duration; negative ones are zero.</summary>
    public static int Of(double seconds)
    {
        var micros = (ulong)Math.Clamp(Math.Round(seconds * 1e6), 0, Largest);
        if (micros < Sub)
        {
            return (int)micros;
        }

        var exponent = BitOperations.Log2(micros);
        return ((exponent - SubBits + 1) * Sub) + (int)((micros >> (exponent - SubBits)) & (Sub - 1));
    }

    /// <summary>The middle of a bucket, seconds.</summary>
    public static double Middle(int bucket)
    {
        if (bucket < Sub)
        {
            return bucket / 1e6;
        }

        var shift = (bucket / Sub) - 1;
        var least = (long)(Sub + (bucket % Sub)) << shift;
        return (least + (((1L << shift) - 1) / 2.0)) / 1e6;
    }

    /// <summary>The value that at least <paramref name="quantile"/> of all are not above (nearest rank), seconds; NaN for none.</summary>
    public static double Quantile(ReadOnlySpan<long> counts, double quantile)
    {
        long total = 0;
        foreach (var count in counts)
        {
            total += count;
        }

        var rank = Math.Max(1, (long)Math.Ceiling(quantile * total));
        for (var bucket = 0; bucket < counts.Length; bucket++)
        {
            rank -= counts[bucket];
            if (rank <= 0)
            {
                return Middle(bucket);
            }
        }

        return double.NaN;
    }
}
