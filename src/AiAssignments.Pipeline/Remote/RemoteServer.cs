namespace AiAssignments.Pipeline.Remote;

/// <summary>What is known of one server. Guarded by its pool's lock, but for <see cref="Gone"/>.</summary>
internal sealed class RemoteServer(Uri address) : IDisposable
{
    private CancellationTokenSource gone = new();

    public Uri Address { get; } = address;

    /// <summary>Attempts under way.</summary>
    public int Outstanding { get; set; }

    /// <summary>Ordinal of its last attempt; 0 before the first.</summary>
    public long LastTaken { get; set; }

    /// <summary>What the health checks say; taken for healthy before the first.</summary>
    public bool Healthy { get; set; } = true;

    /// <summary>Unanswered health checks in a row.</summary>
    public int Unanswered { get; set; }

    /// <summary>Connection failures in a row.</summary>
    public int Failures { get; set; }

    /// <summary>Times in a row that it was left out.</summary>
    public int Ejections { get; set; }

    /// <summary>Left out until then.</summary>
    public DateTimeOffset EjectedUntil { get; set; }

    /// <summary>Models whose queue was full, and when to ask again.</summary>
    public Dictionary<string, DateTimeOffset> BusyUntil { get; } = new(StringComparer.Ordinal);

    /// <summary>Ends the attempts under way when the server is taken for dead.</summary>
    public CancellationToken Gone => Volatile.Read(ref gone).Token;

    public CancellationTokenSource Renew() => Interlocked.Exchange(ref gone, new CancellationTokenSource());

    public void Dispose() => gone.Dispose();
}
