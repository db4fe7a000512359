namespace AiAssignments.Evaluation.Metrics.Classification;

/// <summary>
/// Orders probabilities by integers. An exact key is the bits of the float, which rise with its value. A bin key keeps the top bits of the
/// mantissa of the probability up to 0.5, and of its distance from 1 above (exact in float32, by Sterbenz' lemma), so that bins are fine
/// at both ends, where a confident model's scores crowd.
/// </summary>
/// <param name="mantissaBits">Bits of the mantissa a bin key keeps, 1..23.</param>
internal readonly struct ScoreKeys(int mantissaBits)
{
    private const int FloatMantissaBits = 23;
    private const float Smallest = 1f / (1L << 40);

    /// <summary>The exact key.</summary>
    public static uint Exact(float probability) => BitConverter.SingleToUInt32Bits(probability);

    /// <summary>The bin of an exact key.</summary>
    public uint Bin(uint exact)
    {
        var probability = BitConverter.UInt32BitsToSingle(exact);
        return probability < 0.5f ? LowBin(probability) : (2 * LowBin(0.5f)) + 1 - LowBin(1 - probability);
    }

    private uint LowBin(float probability) => probability < Smallest
        ? 0
        : 1 + ((Exact(probability) - Exact(Smallest)) >> (FloatMantissaBits - mantissaBits));
}
