using System.Numerics.Tensors;

namespace AiAssignments.Optimization.Quantization.Calibration;

/// <summary>Sees all values of one activation, batch by batch, and says its range. Values that are not finite are passed over.</summary>
internal sealed class RangeObserver(CalibrationMethod method, double percentile)
{
    private const float NewestWeight = 0.01f;
    private readonly ValueHistogram? histogram = method is CalibrationMethod.Percentile or CalibrationMethod.Entropy ? new() : null;
    private float low;
    private float high;
    private float averageLow;
    private float averageHigh;
    private bool hasSeen;

    public void See(ReadOnlySpan<float> values)
    {
        if (!TensorPrimitives.IsFiniteAll(values))
        {
            values = values.ToArray().Where(float.IsFinite).ToArray();
        }

        if (values.IsEmpty)
        {
            return;
        }

        var (least, most) = (TensorPrimitives.Min(values), TensorPrimitives.Max(values));
        (averageLow, averageHigh) = hasSeen
            ? (averageLow + (NewestWeight * (least - averageLow)), averageHigh + (NewestWeight * (most - averageHigh)))
            : (least, most);
        (low, high) = hasSeen ? (Math.Min(low, least), Math.Max(high, most)) : (least, most);
        hasSeen = true;
        histogram?.Add(values, Math.Max(Math.Abs(least), Math.Abs(most)));
    }

    /// <summary>The range; <c>null</c> when nothing was seen.</summary>
    public ValueRange? Range()
    {
        if (!hasSeen)
        {
            return null;
        }

        switch (method)
        {
            case CalibrationMethod.MovingAverage:
                return new(averageLow, averageHigh);
            case CalibrationMethod.Percentile:
                var (from, to) = histogram!.Percentile(percentile);
                return new(Math.Max(low, from), Math.Min(high, to));
            case CalibrationMethod.Entropy:
                var threshold = EntropyThreshold.Find(histogram!.Magnitudes(), histogram.BinWidth, low >= 0 || high <= 0 ? 255 : 128);
                return new(Math.Max(low, -threshold), Math.Min(high, threshold));
            default:
                return new(low, high);
        }
    }
}
