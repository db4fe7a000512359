namespace AiAssignments.Optimization.Quantization.Numerics;

/// <summary>Whether weights use 7 of their 8 bits.</summary>
public enum ReducedRange
{
    /// <summary>On a processor whose 8-bit products saturate (x86 without VNNI), and not elsewhere.</summary>
    Auto,

    /// <summary>Always: the model is safe on every processor, and a little coarser.</summary>
    On,

    /// <summary>Never: for a processor with VNNI, Arm's dot product, or a GPU.</summary>
    Off,
}
