namespace AiAssignments.Bench.Comparing;

/// <summary>What a comparison says of one figure.</summary>
public enum BenchVerdict
{
    /// <summary>No difference beyond noise.</summary>
    Same,

    /// <summary>Better beyond noise.</summary>
    Better,

    /// <summary>Worse beyond noise.</summary>
    Worse,
}
