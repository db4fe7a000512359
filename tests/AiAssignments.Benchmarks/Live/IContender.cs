namespace AiAssignments.Benchmarks.Live;

/// <summary>A server that sends progress to WebSocket clients.</summary>
internal interface IContender : IAsyncDisposable
{
    Task StartAsync();

    /// <summary>Where the next client connects.</summary>
    Task<Uri> UrlAsync();

    /// <summary>Sends a message with the present timestamp in its field <c>done</c> to those in group <c>job:N</c>.</summary>
    void Publish(int job);
}
