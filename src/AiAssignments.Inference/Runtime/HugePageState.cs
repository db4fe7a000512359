namespace AiAssignments.Inference.Runtime;

/// <summary>What this process has of huge pages.</summary>
internal enum HugePageState
{
    /// <summary>Another system, another C library, or an old one.</summary>
    NotHere,

    /// <summary>The kernel gives none.</summary>
    KernelRefuses,

    /// <summary>The kernel gives them to every process without being asked.</summary>
    Always,

    /// <summary>Someone said no.</summary>
    OptedOut,

    /// <summary>They can be had by starting again.</summary>
    Possible,

    /// <summary>malloc asks for them.</summary>
    On,
}
