namespace AiAssignments.Optimization.Quantization.Numerics;

/// <summary>
/// Linear quantization as the ONNX operators QuantizeLinear and DynamicQuantizeLinear define it: <c>q = saturate(round(x / scale) + zeroPoint)</c>, rounding
/// half to even; ranges always contain zero.
/// </summary>
public static class LinearQuantizer
{
    /// <summary>Quantizes weights that are channels side by side or one behind the other.</summary>
    /// <param name="values">Row-major [outer, channels, inner]; all finite.</param>
    /// <param name="channels">Size of the channel axis.</param>
    /// <param name="inner">Elements behind the channel axis: 1 when channels are the last axis.</param>
    /// <param name="format">How. One scale for all when it is not per channel.</param>
    /// <param name="leastScales">
    /// For symmetric formats: smallest scale of each channel (or the one of all), which a channel of zeros has as it is; 0 sets no bound. Default: none.
    /// </param>
    public static QuantizedWeights Quantize(ReadOnlySpan<float> values, int channels, int inner, WeightFormat format, ReadOnlySpan<float> leastScales = default)
    {
        ArgumentNullException.ThrowIfNull(format);
        if (!format.IsPerChannel)
        {
            (channels, inner) = (1, values.Length);
        }

        var (low, high) = Ranges(values, channels, inner);
        var (scales, zeros) = (new float[channels], new byte[channels]);
        var zeroPoints = new int[channels];
        for (var channel = 0; channel < channels; channel++)
        {
            (scales[channel], zeroPoints[channel]) = format.IsSymmetric
                ? (SymmetricScale(low[channel], high[channel], format.IsReduced ? 64 : 127), 0)
                : Asymmetric(low[channel], high[channel], format.IsReduced ? 127 : 255);
            if (!leastScales.IsEmpty && leastScales[channel] is > 0 and var least)
            {
                scales[channel] = IsZero(low[channel], high[channel], format.IsReduced ? 64 : 127) ? least : Math.Max(scales[channel], least);
            }

            zeros[channel] = (byte)zeroPoints[channel];
        }

        var (smallest, largest) = (format.IsSymmetric, format.IsReduced) switch { (true, true) => (-64, 64), (true, false) => (-127, 127), (false, true) => (0, 127), _ => (0, 255) };
        var quantized = new byte[values.Length];
        var at = 0;
        while (at < values.Length)
        {
            for (var channel = 0; channel < channels; channel++)
            {
                var (scale, zero) = (scales[channel], zeroPoints[channel]);
                for (var i = 0; i < inner; i++, at++)
                {
                    quantized[at] = unchecked((byte)Quantize(values[at], scale, zero, smallest, largest));
                }
            }
        }

        return new(quantized, scales, zeros, format.IsSymmetric);
    }

    /// <summary>Scale for int8 around zero.</summary>
    /// <param name="low">Smallest value.</param>
    /// <param name="high">Largest value.</param>
    /// <param name="levels">Integer that the largest magnitude becomes: 127, or 64 when reduced.</param>
    /// <returns>Positive; 1 when all values are zero (or so small that the scale would be).</returns>
    public static float SymmetricScale(float low, float high, int levels) => IsZero(low, high, levels) ? 1f : Step(low, high, levels);

    /// <summary>Scale and zero point for uint8: <c>scale = (high - low) / levels</c>, <c>zeroPoint = round(-low / scale)</c>.</summary>
    /// <param name="low">Smallest value; taken as 0 when positive.</param>
    /// <param name="high">Largest value; taken as 0 when negative.</param>
    /// <param name="levels">Largest integer: 255, or 127 when reduced.</param>
    public static (float Scale, int ZeroPoint) Asymmetric(float low, float high, int levels)
    {
        var (least, most) = (Math.Min(low, 0), Math.Max(high, 0));
        var scale = (float)(((double)most - least) / levels);
        return scale > 0 && float.IsNormal(scale)
            ? (scale, (int)Math.Clamp(Math.Round(-least / (double)scale, MidpointRounding.ToEven), 0, levels))
            : (1f, 0);
    }

    /// <summary>One value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="scale">Its scale.</param>
    /// <param name="zeroPoint">Its zero point.</param>
    /// <param name="least">Smallest integer.</param>
    /// <param name="most">Largest integer.</param>
    public static int Quantize(float value, float scale, int zeroPoint, int least, int most) =>
        (int)Math.Clamp(MathF.Round(value / scale, MidpointRounding.ToEven) + zeroPoint, least, most);

    private static bool IsZero(float low, float high, int levels) => !float.IsNormal(Step(low, high, levels));

    private static float Step(float low, float high, int levels) => (float)(Math.Max(Math.Abs((double)low), Math.Abs((double)high)) / levels);

    private static (float[] Low, float[] High) Ranges(ReadOnlySpan<float> values, int channels, int inner)
    {
        var (low, high) = (new float[channels], new float[channels]);
        var at = 0;
        while (at < values.Length)
        {
            for (var channel = 0; channel < channels; channel++)
            {
                var (least, most) = (low[channel], high[channel]);
                for (var i = 0; i < inner; i++, at++)
                {
                    least = Math.Min(least, values[at]);
                    most = Math.Max(most, values[at]);
                }

                (low[channel], high[channel]) = (least, most);
            }
        }

        return (low, high);
    }
}
