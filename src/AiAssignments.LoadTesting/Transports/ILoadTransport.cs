namespace AiAssignments.LoadTesting.Transports;

/// <summary>Makes channels to a target.</summary>
internal interface ILoadTransport : IAsyncDisposable
{
    /// <summary>Makes a channel, not yet connected.</summary>
    ILoadChannel CreateChannel();
}
