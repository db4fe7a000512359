using System.Numerics.Tensors;

namespace AiAssignments.Optimization.Quantization.Half;

/// <summary>Rounds float32 to float16 without making infinities or zeros of what is neither.</summary>
internal static class HalfNumbers
{
    /// <summary>Largest finite float16.</summary>
    private const float Largest = 65504f;

    /// <summary>Rounds half to even; finite numbers beyond the range become its ends, and numbers that would round to zero its smallest (2^-24).</summary>
    /// <returns>The numbers, and how many were moved into the range.</returns>
    public static (System.Half[] Values, long Clamped) Convert(ReadOnlySpan<float> values)
    {
        var halves = new System.Half[values.Length];
        TensorPrimitives.ConvertToHalf(values, halves);
        var clamped = 0L;
        for (var i = 0; i < values.Length; i++)
        {
            if (System.Half.IsInfinity(halves[i]) && float.IsFinite(values[i]))
            {
                halves[i] = (System.Half)MathF.CopySign(Largest, values[i]);
                clamped++;
            }
            else if (halves[i] == (System.Half)0 && values[i] != 0)
            {
                // An epsilon that guards a division must not vanish.
                halves[i] = values[i] > 0 ? System.Half.Epsilon : -System.Half.Epsilon;
                clamped++;
            }
        }

        return (halves, clamped);
    }
}
