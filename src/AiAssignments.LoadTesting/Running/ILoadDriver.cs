namespace AiAssignments.LoadTesting.Running;

/// <summary>Sends the requests of a load model.</summary>
internal interface ILoadDriver
{
    /// <summary>Requests that found no free connection.</summary>
    long Waited { get; }

    /// <summary>Requests due and not sent.</summary>
    int Waiting { get; }

    /// <summary>Connections, or requests under way at most.</summary>
    int Channels { get; }

    /// <summary>Opens what is open from the start.</summary>
    /// <returns>What went wrong when nothing could be opened; <c>null</c>: something could.</returns>
    Task<string?> OpenAsync(CancellationToken cancellationToken);

    /// <summary>Sends until the time, or until stopped; then waits for what is under way.</summary>
    /// <param name="end">Ticks since the start.</param>
    /// <param name="stop">Stops sending.</param>
    Task RunAsync(long end, CancellationToken stop);

    /// <summary>Gives up what was not sent; those under way are ended by the watchdog.</summary>
    void GiveUp();
}
