using AiAssignments.LoadTesting.Requests;

namespace AiAssignments.LoadTesting.Transports;

/// <summary>Carries one request at a time. It connects when it has to, and again after a failure.</summary>
internal interface ILoadChannel : IAsyncDisposable
{
    /// <summary>Connects, so that the first request need not.</summary>
    /// <returns>What went wrong; <c>null</c>: nothing.</returns>
    ValueTask<string?> ConnectAsync();

    /// <summary>Sends a request and reads its answer to the end. Never throws for what a server does.</summary>
    ValueTask<LoadReply> ExchangeAsync(LoadRequest request);

    /// <summary>Ends the exchange under way, from any thread; the next one connects again where needed.</summary>
    void Abort();
}
