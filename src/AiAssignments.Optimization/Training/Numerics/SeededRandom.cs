using AiAssignments.Core.Randomness;

namespace AiAssignments.Optimization.Training.Numerics;

/// <summary>
/// What training draws at random, the same on every machine and in every version (see <see cref="Xoshiro256"/>), in independent streams.
/// Not for secrets. Not thread-safe.
/// </summary>
public sealed class SeededRandom
{
    private readonly Xoshiro256 bits = new(0);

    /// <summary>Seeds it.</summary>
    /// <param name="seed">Any number.</param>
    /// <param name="stream">Another independent sequence of the same seed.</param>
    /// <param name="substream">And another below it.</param>
    public SeededRandom(ulong seed, ulong stream = 0, ulong substream = 0) => Reseed(seed, stream, substream);

    /// <summary>Starts again as a new generator would.</summary>
    /// <param name="seed">Any number.</param>
    /// <param name="stream">Another independent sequence of the same seed.</param>
    /// <param name="substream">And another below it.</param>
    public void Reseed(ulong seed, ulong stream = 0, ulong substream = 0)
    {
        var state = seed;
        state = Xoshiro256.SplitMix(ref state) ^ stream;
        state = Xoshiro256.SplitMix(ref state) ^ substream;
        bits.Reseed(state);
    }

    /// <summary>64 random bits.</summary>
    public ulong NextBits() => bits.Next();

    /// <summary>A number of [0, 1) with 24 bits.</summary>
    public float NextSingle() => (NextBits() >> 40) * (1f / (1 << 24));

    /// <summary>An integer of 0..<paramref name="bound"/> - 1 (Lemire's multiplication, without rejection: the bias is below 2^-32).</summary>
    /// <param name="bound">1 or more.</param>
    public int NextInt(int bound) => (int)(((NextBits() >> 32) * (ulong)bound) >> 32);

    /// <summary>A number of the uniform distribution on [-<paramref name="bound"/>, <paramref name="bound"/>).</summary>
    /// <param name="bound">Half the width.</param>
    public float NextUniform(float bound) => ((NextSingle() * 2) - 1) * bound;

    /// <summary>Shuffles in place (Fisher and Yates).</summary>
    /// <typeparam name="T">What is shuffled.</typeparam>
    /// <param name="values">What to shuffle.</param>
    public void Shuffle<T>(Span<T> values)
    {
        for (var i = values.Length - 1; i > 0; i--)
        {
            var j = NextInt(i + 1);
            (values[i], values[j]) = (values[j], values[i]);
        }
    }
}
