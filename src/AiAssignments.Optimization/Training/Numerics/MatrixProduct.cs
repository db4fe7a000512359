using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace AiAssignments.Optimization.Training.Numerics;

/// <summary>
/// Matrix products on row-major spans, added onto the result. Blocks of 4 x 16 results stay in registers, and 16 columns of B that many rows of A meet are
/// packed first (Goto and van de Geijn, "Anatomy of High-Performance Matrix Multiplication", 2008). The order of additions depends on sizes only.
/// </summary>
internal static class MatrixProduct
{
    private const int Lanes = 8;
    private const int TileColumns = 2 * Lanes;

    // Columns of B lie a power of two apart in the trainer's matrices, so that a tile's lines would evict each other; from this many rows on, the copy is repaid.
    private const int LeastRowsToPack = 8;

    [ThreadStatic]
    private static float[]? packed;

    /// <summary><c>C[m, n] += A[m, k] B[k, n]</c>.</summary>
    public static void Add(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> c, int m, int n, int k) =>
        Add(a, k, 1, b, c, m, n, k);

    /// <summary><c>C[m, n] += A^T B[k, n]</c> with <c>A[k, m]</c>.</summary>
    public static void AddTransposedLeft(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> c, int m, int n, int k) =>
        Add(a, 1, m, b, c, m, n, k);

    /// <summary><c>C[m, n] += A[m, k] B^T</c> with <c>B[n, k]</c>.</summary>
    public static void AddTransposedRight(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> c, int m, int n, int k)
    {
        Check(a.Length, b.Length, c.Length, m, n, k);
        ref var left = ref MemoryMarshal.GetReference(a);
        ref var right = ref MemoryMarshal.GetReference(b);
        var pair = 0;
        for (; pair <= m - 2; pair += 2)
        {
            ref var rows = ref Unsafe.Add(ref left, pair * k);
            var j = 0;
            for (; j <= n - 4; j += 4)
            {
                Dot2By4(ref rows, ref Unsafe.Add(ref right, j * k), k, c.Slice((pair * n) + j, 4), c.Slice(((pair + 1) * n) + j, 4));
            }

            for (; j < n; j++)
            {
                c[(pair * n) + j] += Dot(ref rows, ref Unsafe.Add(ref right, j * k), k);
                c[((pair + 1) * n) + j] += Dot(ref Unsafe.Add(ref rows, k), ref Unsafe.Add(ref right, j * k), k);
            }
        }

        for (var i = pair; i < m; i++)
        {
            ref var row = ref Unsafe.Add(ref left, i * k);
            var j = 0;
            for (; j <= n - 4; j += 4)
            {
                Dot4(ref row, ref Unsafe.Add(ref right, j * k), k, c.Slice((i * n) + j, 4));
            }

            for (; j < n; j++)
            {
                c[(i * n) + j] += Dot(ref row, ref Unsafe.Add(ref right, j * k), k);
            }
        }
    }

    private static void Add(ReadOnlySpan<float> a, int rowStep, int columnStep, ReadOnlySpan<float> b, Span<float> c, int m, int n, int k)
    {
        Check(a.Length, b.Length, c.Length, m, n, k);
        ref var left = ref MemoryMarshal.GetReference(a);
        ref var right = ref MemoryMarshal.GetReference(b);
        ref var result = ref MemoryMarshal.GetReference(c);
        var packs = m >= LeastRowsToPack && n > TileColumns;
        var j = 0;
        for (; j <= n - TileColumns; j += TileColumns)
        {
            ref var panel = ref Unsafe.Add(ref right, j);
            var step = n;
            if (packs)
            {
                panel = ref Pack(ref panel, n, k);
                step = TileColumns;
            }

            var i = 0;
            for (; i <= m - 4; i += 4)
            {
                Tile4(ref Unsafe.Add(ref left, i * rowStep), rowStep, columnStep, ref panel, step, ref Unsafe.Add(ref result, (i * n) + j), n, k);
            }

            for (; i < m; i++)
            {
                Tile1(ref Unsafe.Add(ref left, i * rowStep), columnStep, ref panel, step, ref Unsafe.Add(ref result, (i * n) + j), k);
            }
        }

        for (; j <= n - 4; j += 4)
        {
            for (var i = 0; i < m; i++)
            {
                Tile1Narrow(ref Unsafe.Add(ref left, i * rowStep), columnStep, ref Unsafe.Add(ref right, j), ref Unsafe.Add(ref result, (i * n) + j), n, k);
            }
        }

        for (; j < n; j++)
        {
            for (var i = 0; i < m; i++)
            {
                var sum = c[(i * n) + j];
                for (var p = 0; p < k; p++)
                {
                    sum = float.FusedMultiplyAdd(Unsafe.Add(ref left, (i * rowStep) + (p * columnStep)), Unsafe.Add(ref right, (p * n) + j), sum);
                }

                c[(i * n) + j] = sum;
            }
        }
    }

    private static ref float Pack(ref float b, int n, int k)
    {
        if (packed is null || packed.Length < k * TileColumns)
        {
            packed = new float[k * TileColumns];
        }

        ref var target = ref MemoryMarshal.GetArrayDataReference(packed);
        nuint to = 0;
        nuint from = 0;
        for (var p = 0; p < k; p++)
        {
            Vector256.LoadUnsafe(ref b, from).StoreUnsafe(ref target, to);
            Vector256.LoadUnsafe(ref b, from + Lanes).StoreUnsafe(ref target, to + Lanes);
            from += (nuint)n;
            to += TileColumns;
        }

        return ref target;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile4(ref float a, int rowStep, int columnStep, ref float b, int step, ref float c, int n, int k)
    {
        ref var a1 = ref Unsafe.Add(ref a, rowStep);
        ref var a2 = ref Unsafe.Add(ref a1, rowStep);
        ref var a3 = ref Unsafe.Add(ref a2, rowStep);
        var c00 = Vector256.LoadUnsafe(ref c);
        var c01 = Vector256.LoadUnsafe(ref c, Lanes);
        var c10 = Vector256.LoadUnsafe(ref c, (nuint)n);
        var c11 = Vector256.LoadUnsafe(ref c, (nuint)n + Lanes);
        var c20 = Vector256.LoadUnsafe(ref c, (nuint)(2 * n));
        var c21 = Vector256.LoadUnsafe(ref c, (nuint)(2 * n) + Lanes);
        var c30 = Vector256.LoadUnsafe(ref c, (nuint)(3 * n));
        var c31 = Vector256.LoadUnsafe(ref c, (nuint)(3 * n) + Lanes);
        nint at = 0;
        nuint row = 0;
        for (var p = 0; p < k; p++)
        {
            var b0 = Vector256.LoadUnsafe(ref b, row);
            var b1 = Vector256.LoadUnsafe(ref b, row + Lanes);
            var x = Vector256.Create(Unsafe.Add(ref a, at));
            c00 = Vector256.FusedMultiplyAdd(x, b0, c00);
            c01 = Vector256.FusedMultiplyAdd(x, b1, c01);
            x = Vector256.Create(Unsafe.Add(ref a1, at));
            c10 = Vector256.FusedMultiplyAdd(x, b0, c10);
            c11 = Vector256.FusedMultiplyAdd(x, b1, c11);
            x = Vector256.Create(Unsafe.Add(ref a2, at));
            c20 = Vector256.FusedMultiplyAdd(x, b0, c20);
            c21 = Vector256.FusedMultiplyAdd(x, b1, c21);
            x = Vector256.Create(Unsafe.Add(ref a3, at));
            c30 = Vector256.FusedMultiplyAdd(x, b0, c30);
            c31 = Vector256.FusedMultiplyAdd(x, b1, c31);
            at += columnStep;
            row += (nuint)step;
        }

        c00.StoreUnsafe(ref c);
        c01.StoreUnsafe(ref c, Lanes);
        c10.StoreUnsafe(ref c, (nuint)n);
        c11.StoreUnsafe(ref c, (nuint)n + Lanes);
        c20.StoreUnsafe(ref c, (nuint)(2 * n));
        c21.StoreUnsafe(ref c, (nuint)(2 * n) + Lanes);
        c30.StoreUnsafe(ref c, (nuint)(3 * n));
        c31.StoreUnsafe(ref c, (nuint)(3 * n) + Lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile1(ref float a, int columnStep, ref float b, int step, ref float c, int k)
    {
        var c0 = Vector256.LoadUnsafe(ref c);
        var c1 = Vector256.LoadUnsafe(ref c, Lanes);
        for (var p = 0; p < k; p++)
        {
            var x = Vector256.Create(Unsafe.Add(ref a, p * columnStep));
            c0 = Vector256.FusedMultiplyAdd(x, Vector256.LoadUnsafe(ref b, (nuint)(p * step)), c0);
            c1 = Vector256.FusedMultiplyAdd(x, Vector256.LoadUnsafe(ref b, (nuint)(p * step) + Lanes), c1);
        }

        c0.StoreUnsafe(ref c);
        c1.StoreUnsafe(ref c, Lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile1Narrow(ref float a, int columnStep, ref float b, ref float c, int n, int k)
    {
        var c0 = Vector128.LoadUnsafe(ref c);
        for (var p = 0; p < k; p++)
        {
            var x = Vector128.Create(Unsafe.Add(ref a, p * columnStep));
            c0 = Vector128.FusedMultiplyAdd(x, Vector128.LoadUnsafe(ref b, (nuint)(p * n)), c0);
        }

        c0.StoreUnsafe(ref c);
    }

    // Each sum adds in the same order as Dot4's, so that which rows are paired changes no bit.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Dot2By4(ref float a, ref float b, int k, Span<float> first, Span<float> second)
    {
        ref var a1 = ref Unsafe.Add(ref a, k);
        ref var b1 = ref Unsafe.Add(ref b, k);
        ref var b2 = ref Unsafe.Add(ref b1, k);
        ref var b3 = ref Unsafe.Add(ref b2, k);
        var s00 = Vector256<float>.Zero;
        var s01 = Vector256<float>.Zero;
        var s02 = Vector256<float>.Zero;
        var s03 = Vector256<float>.Zero;
        var s10 = Vector256<float>.Zero;
        var s11 = Vector256<float>.Zero;
        var s12 = Vector256<float>.Zero;
        var s13 = Vector256<float>.Zero;
        var p = 0;
        for (; p <= k - Lanes; p += Lanes)
        {
            var x = Vector256.LoadUnsafe(ref a, (nuint)p);
            var y = Vector256.LoadUnsafe(ref a1, (nuint)p);
            var z = Vector256.LoadUnsafe(ref b, (nuint)p);
            s00 = Vector256.FusedMultiplyAdd(x, z, s00);
            s10 = Vector256.FusedMultiplyAdd(y, z, s10);
            z = Vector256.LoadUnsafe(ref b1, (nuint)p);
            s01 = Vector256.FusedMultiplyAdd(x, z, s01);
            s11 = Vector256.FusedMultiplyAdd(y, z, s11);
            z = Vector256.LoadUnsafe(ref b2, (nuint)p);
            s02 = Vector256.FusedMultiplyAdd(x, z, s02);
            s12 = Vector256.FusedMultiplyAdd(y, z, s12);
            z = Vector256.LoadUnsafe(ref b3, (nuint)p);
            s03 = Vector256.FusedMultiplyAdd(x, z, s03);
            s13 = Vector256.FusedMultiplyAdd(y, z, s13);
        }

        var sums = Vector128.Create(Vector256.Sum(s00), Vector256.Sum(s01), Vector256.Sum(s02), Vector256.Sum(s03));
        var others = Vector128.Create(Vector256.Sum(s10), Vector256.Sum(s11), Vector256.Sum(s12), Vector256.Sum(s13));
        for (; p < k; p++)
        {
            var column = Vector128.Create(Unsafe.Add(ref b, p), Unsafe.Add(ref b1, p), Unsafe.Add(ref b2, p), Unsafe.Add(ref b3, p));
            sums = Vector128.FusedMultiplyAdd(Vector128.Create(Unsafe.Add(ref a, p)), column, sums);
            others = Vector128.FusedMultiplyAdd(Vector128.Create(Unsafe.Add(ref a1, p)), column, others);
        }

        (sums + Vector128.Create<float>(first)).CopyTo(first);
        (others + Vector128.Create<float>(second)).CopyTo(second);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Dot4(ref float a, ref float b, int k, Span<float> result)
    {
        ref var b1 = ref Unsafe.Add(ref b, k);
        ref var b2 = ref Unsafe.Add(ref b1, k);
        ref var b3 = ref Unsafe.Add(ref b2, k);
        var s0 = Vector256<float>.Zero;
        var s1 = Vector256<float>.Zero;
        var s2 = Vector256<float>.Zero;
        var s3 = Vector256<float>.Zero;
        var p = 0;
        for (; p <= k - Lanes; p += Lanes)
        {
            var x = Vector256.LoadUnsafe(ref a, (nuint)p);
            s0 = Vector256.FusedMultiplyAdd(x, Vector256.LoadUnsafe(ref b, (nuint)p), s0);
            s1 = Vector256.FusedMultiplyAdd(x, Vector256.LoadUnsafe(ref b1, (nuint)p), s1);
            s2 = Vector256.FusedMultiplyAdd(x, Vector256.LoadUnsafe(ref b2, (nuint)p), s2);
            s3 = Vector256.FusedMultiplyAdd(x, Vector256.LoadUnsafe(ref b3, (nuint)p), s3);
        }

        var sums = Vector128.Create(Vector256.Sum(s0), Vector256.Sum(s1), Vector256.Sum(s2), Vector256.Sum(s3));
        for (; p < k; p++)
        {
            var column = Vector128.Create(Unsafe.Add(ref b, p), Unsafe.Add(ref b1, p), Unsafe.Add(ref b2, p), Unsafe.Add(ref b3, p));
            sums = Vector128.FusedMultiplyAdd(Vector128.Create(Unsafe.Add(ref a, p)), column, sums);
        }

        (sums + Vector128.Create<float>(result)).CopyTo(result);
    }

    private static float Dot(ref float a, ref float b, int k)
    {
        var sums = Vector256<float>.Zero;
        var p = 0;
        for (; p <= k - Lanes; p += Lanes)
        {
            sums = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref a, (nuint)p), Vector256.LoadUnsafe(ref b, (nuint)p), sums);
        }

        var sum = Vector256.Sum(sums);
        for (; p < k; p++)
        {
            sum = float.FusedMultiplyAdd(Unsafe.Add(ref a, p), Unsafe.Add(ref b, p), sum);
        }

        return sum;
    }

    private static void Check(int a, int b, int c, int m, int n, int k)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(a, checked(m * k));
        ArgumentOutOfRangeException.ThrowIfLessThan(b, checked(k * n));
        ArgumentOutOfRangeException.ThrowIfLessThan(c, checked(m * n));
    }
}
