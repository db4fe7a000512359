using System.Numerics;

namespace AiAssignments.Core.Randomness;

/// <summary>
/// The generator xoshiro256** 1.0 of Blackman and Vigna (2021, "Scrambled linear pseudorandom number generators"), seeded by SplitMix64.
/// Our own, so that what a seed gives is the same under every version of .NET. Not for secrets. Not thread-safe.
/// </summary>
public sealed class Xoshiro256
{
    private ulong s0;
    private ulong s1;
    private ulong s2;
    private ulong s3;

    /// <summary>Seeds the generator.</summary>
    /// <param name="seed">Any number.</param>
    public Xoshiro256(ulong seed) => Reseed(seed);

    /// <summary>Starts again as a new generator would.</summary>
    /// <param name="seed">Any number.</param>
    public void Reseed(ulong seed)
    {
        s0 = SplitMix(ref seed);
        s1 = SplitMix(ref seed);
        s2 = SplitMix(ref seed);
        s3 = SplitMix(ref seed);
    }

    /// <summary>64 random bits.</summary>
    public ulong Next()
    {
        var result = BitOperations.RotateLeft(s1 * 5, 7) * 9;
        var shifted = s1 << 17;
        s2 ^= s0;
        s3 ^= s1;
        s1 ^= s2;
        s0 ^= s3;
        s2 ^= shifted;
        s3 = BitOperations.RotateLeft(s3, 45);
        return result;
    }

    /// <summary>A step of SplitMix64: mixes a seed's bits.</summary>
    /// <param name="state">Advanced by the step.</param>
    public static ulong SplitMix(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15;
        var z = state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
