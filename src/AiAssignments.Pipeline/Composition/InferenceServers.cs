using AiAssignments.Pipeline.Remote;

namespace AiAssignments.Pipeline.Composition;

/// <summary>Inference servers beside a process.</summary>
public sealed record InferenceServers
{
    /// <summary>How they are called; the clock is the pipeline's.</summary>
    public required RemoteOptions Servers { get; init; }

    /// <summary>The transport to them; owned by the pipeline. Default: the usual one.</summary>
    public HttpMessageHandler? Transport { get; init; }

    /// <summary>What is brought to them, to be answered and scored there. Default: nothing, and they answer what they are found to have.</summary>
    public HeavyModels? Heavy { get; init; }
}
