namespace AiAssignments.InferenceServer.Hosting;

/// <summary>Whether what was to be loaded first is loaded and warm.</summary>
internal sealed class Readiness
{
    private readonly Lock gate = new();
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool ready;

    public bool Ready
    {
        get => ready;
        set
        {
            lock (gate)
            {
                if (ready != value)
                {
                    ready = value;
                    changed.SetResult();
                    changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
                }
            }
        }
    }

    /// <summary>Ends with the next change.</summary>
    public Task Changed
    {
        get
        {
            lock (gate)
            {
                return changed.Task;
            }
        }
    }
}
