namespace AiAssignments.Inference.Runtime;

/// <summary>How ONNX Runtime is run.</summary>
public sealed record RuntimeOptions
{
    /// <summary>The defaults.</summary>
    public static RuntimeOptions Default { get; } = new();

    /// <summary>Threads of one inference, 0..1,024. 0 (default): the physical cores available to the process.</summary>
    public int IntraOpThreads { get; init; }

    /// <summary>Whether idle worker threads spin instead of sleeping. Default <c>false</c>: spinning takes the cores from tokenization and from neighbours.</summary>
    public bool Spinning { get; init; }

    /// <summary>Whether ONNX Runtime keeps memory of past runs for coming ones. Default <c>true</c>.</summary>
    public bool MemoryArena { get; init; } = true;

    /// <summary><c>cpu</c> (default) or <c>cuda</c>, which falls back to the CPU with a logged line where there is no usable GPU.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Ordinal of the GPU. Default 0.</summary>
    public int DeviceId { get; init; }

    /// <summary>Told the lines a person should see, for example the fall-back to the CPU.</summary>
    public Action<string>? Log { get; init; }
}
