using AiAssignments.Core.Errors;
using AiAssignments.Pipeline.Gateway;

namespace AiAssignments.Local.Hosting;

/// <summary>What the drop loop lets the rest of the host know.</summary>
internal sealed class HostState : IReadiness
{
    private volatile bool ready;
    private volatile Problem? failure;

    /// <summary>The sample models are registered and the first pass over <c>datasets/</c> has begun.</summary>
    public bool Ready
    {
        get => ready;
        set => ready = value;
    }

    /// <inheritdoc />
    public string? Waiting => Ready ? null : "The sample models are being registered.";

    /// <summary>Why the loop, and with it the host, ended by itself.</summary>
    public Problem? Failure
    {
        get => failure;
        set => failure = value;
    }
}
