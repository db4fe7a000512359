namespace AiAssignments.Inference.Runtime;

/// <summary>A hold on a session of <see cref="SharedSessions"/>.</summary>
internal sealed class SharedSession(LoadedSession loaded, Action giveBack) : IDisposable
{
    private int disposed;

    public LoadedSession Loaded => loaded;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref disposed, 1) == 0)
        {
            giveBack();
        }
    }
}
