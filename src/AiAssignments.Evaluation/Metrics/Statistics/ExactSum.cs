namespace AiAssignments.Evaluation.Metrics.Statistics;

/// <summary>
/// A sum of doubles whose value does not depend on the order of the terms: each term is rounded once to a multiple of 2^-64 and added as a
/// 128-bit integer, and integer addition is associative. Terms from 2^-11 up are exact; smaller ones are off by at most 2^-65.
/// </summary>
internal struct ExactSum
{
    private const int FractionBits = 64;
    private const double LargestTerm = 4294967296.0;

    /// <summary>Starts from a sum kept before.</summary>
    public ExactSum(Int128 scaled) => Scaled = scaled;

    /// <summary>The sum times 2^64. Holds 2^31 terms of the largest size.</summary>
    public Int128 Scaled { get; private set; }

    /// <summary>Adds a term, at most 2^32 in size.</summary>
    public void Add(double value)
    {
        if (!(Math.Abs(value) <= LargestTerm))
        {
            throw new ArgumentOutOfRangeException(nameof(value), value, "A term must be finite and at most 2^32.");
        }

        Scaled += (Int128)Math.Round(Math.ScaleB(value, FractionBits), MidpointRounding.ToEven);
    }

    /// <summary>Adds another sum.</summary>
    public void Add(ExactSum other) => Scaled += other.Scaled;

    /// <summary>The sum as a double.</summary>
    public readonly double ToDouble() => Math.ScaleB((double)Scaled, -FractionBits);
}
