namespace AiAssignments.InferenceServer.Hosting;

/// <summary>Whether what was to be loaded first is loaded and warm.</summary>
internal sealed class Readiness
{
    private volatile bool ready;

    public bool Ready
    {
        get => ready;
        set => ready = value;
    }
}
