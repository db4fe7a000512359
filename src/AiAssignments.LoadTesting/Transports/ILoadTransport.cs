using AiAssignments.LoadTesting.Requests;

namespace AiAssignments.LoadTesting.Transports;

/// <summary>Makes channels to a target.</summary>
internal interface ILoadTransport : IAsyncDisposable
{
    /// <summary>Makes a channel, not yet connected.</summary>
    ILoadChannel CreateChannel();

    /// <summary>Makes ahead of its time what will be sent, so that making it counts in no latency. A transport that makes nothing does nothing.</summary>
    /// <param name="request">The request; the transport keeps in it what it made.</param>
    void Prepare(LoadRequest request)
    {
    }
}
