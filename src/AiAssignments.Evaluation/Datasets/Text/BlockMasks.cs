using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace AiAssignments.Evaluation.Datasets.Text;

/// <summary>
/// Bit masks over blocks of 64 bytes: bit i stands for byte i. The technique is that of Langdale and Lemire,
/// "Parsing gigabytes of JSON per second", VLDB Journal 28 (2019). <see cref="Vector256"/> falls back to narrower
/// vectors, or to plain code, where the machine has no 256-bit ones.
/// </summary>
internal static class BlockMasks
{
    /// <summary>Bytes a block.</summary>
    public const int Size = 64;

    /// <summary>Bits of the bytes equal to <paramref name="value"/>.</summary>
    /// <param name="block">First of 64 bytes.</param>
    /// <param name="value">The byte sought, in all lanes.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Equal(ref byte block, Vector256<byte> value)
    {
        var low = Vector256.Equals(Vector256.LoadUnsafe(ref block), value).ExtractMostSignificantBits();
        var high = Vector256.Equals(Vector256.LoadUnsafe(ref block, 32), value).ExtractMostSignificantBits();
        return low | ((ulong)high << 32);
    }

    /// <summary>Bit i of the result is the parity of bits 0..i: set from an odd bit up to, not including, the next.</summary>
    /// <param name="bits">The toggles.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong PrefixXor(ulong bits)
    {
        if (Pclmulqdq.IsSupported)
        {
            return Pclmulqdq.CarrylessMultiply(Vector128.CreateScalar(bits), Vector128<ulong>.AllBitsSet, 0).ToScalar();
        }

        return PrefixXorPortable(bits);
    }

    /// <summary>As <see cref="PrefixXor"/>, with shifts only.</summary>
    /// <param name="bits">The toggles.</param>
    public static ulong PrefixXorPortable(ulong bits)
    {
        bits ^= bits << 1;
        bits ^= bits << 2;
        bits ^= bits << 4;
        bits ^= bits << 8;
        bits ^= bits << 16;
        return bits ^ (bits << 32);
    }

    /// <summary>How many bits stand below bit <paramref name="index"/>.</summary>
    /// <param name="bits">The mask.</param>
    /// <param name="index">0..63.</param>
    public static int CountBelow(ulong bits, int index) => BitOperations.PopCount(bits & ((1UL << index) - 1));
}
