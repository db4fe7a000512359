using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace AiAssignments.Optimization.Training.Numerics;

/// <summary>Loops over spans whose order of additions depends on lengths only, so that results repeat to the last bit.</summary>
internal static class VectorKernels
{
    private const int Width = 8;

    /// <summary><c>target += source</c>.</summary>
    public static void Add(ReadOnlySpan<float> source, Span<float> target) => AddScaled(source, 1, target);

    /// <summary><c>target += factor * source</c>.</summary>
    public static void AddScaled(ReadOnlySpan<float> source, float factor, Span<float> target)
    {
        source = source[..target.Length];
        ref var s = ref MemoryMarshal.GetReference(source);
        ref var t = ref MemoryMarshal.GetReference(target);
        var scale = Vector256.Create(factor);
        var i = 0;
        for (; i <= target.Length - Width; i += Width)
        {
            var sum = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref s, (nuint)i), scale, Vector256.LoadUnsafe(ref t, (nuint)i));
            sum.StoreUnsafe(ref t, (nuint)i);
        }

        for (; i < target.Length; i++)
        {
            target[i] = float.FusedMultiplyAdd(source[i], factor, target[i]);
        }
    }

    /// <summary>The sum, eight running sums first.</summary>
    public static float Sum(ReadOnlySpan<float> values)
    {
        ref var v = ref MemoryMarshal.GetReference(values);
        var sums = Vector256<float>.Zero;
        var i = 0;
        for (; i <= values.Length - Width; i += Width)
        {
            sums += Vector256.LoadUnsafe(ref v, (nuint)i);
        }

        var sum = Vector256.Sum(sums);
        for (; i < values.Length; i++)
        {
            sum += values[i];
        }

        return sum;
    }

    /// <summary>Adds the rows of a matrix onto <paramref name="target"/>.</summary>
    public static void AddRows(ReadOnlySpan<float> matrix, Span<float> target)
    {
        for (var at = 0; at < matrix.Length; at += target.Length)
        {
            Add(matrix.Slice(at, target.Length), target);
        }
    }

    /// <summary>Zero where <paramref name="activations"/> is not positive: ReLU's gradient.</summary>
    public static void MaskByActivation(ReadOnlySpan<float> activations, Span<float> gradients)
    {
        activations = activations[..gradients.Length];
        ref var a = ref MemoryMarshal.GetReference(activations);
        ref var g = ref MemoryMarshal.GetReference(gradients);
        var i = 0;
        for (; i <= gradients.Length - Width; i += Width)
        {
            var isOn = Vector256.GreaterThan(Vector256.LoadUnsafe(ref a, (nuint)i), Vector256<float>.Zero);
            (Vector256.LoadUnsafe(ref g, (nuint)i) & isOn).StoreUnsafe(ref g, (nuint)i);
        }

        for (; i < gradients.Length; i++)
        {
            gradients[i] = activations[i] > 0 ? gradients[i] : 0;
        }
    }

    /// <summary><c>max(value, 0)</c> in place.</summary>
    public static void Rectify(Span<float> values)
    {
        ref var v = ref MemoryMarshal.GetReference(values);
        var i = 0;
        for (; i <= values.Length - Width; i += Width)
        {
            Vector256.Max(Vector256.LoadUnsafe(ref v, (nuint)i), Vector256<float>.Zero).StoreUnsafe(ref v, (nuint)i);
        }

        for (; i < values.Length; i++)
        {
            values[i] = Math.Max(values[i], 0);
        }
    }
}
