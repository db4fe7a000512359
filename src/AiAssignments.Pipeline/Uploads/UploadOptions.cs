namespace AiAssignments.Pipeline.Uploads;

/// <summary>How datasets are received.</summary>
public sealed record UploadOptions
{
    /// <summary>Most bytes of one upload. Default: 64 GiB.</summary>
    public long MaxBytes { get; init; } = 64L << 30;

    /// <summary>How long an upload waits for its next piece, and how long the facts of a finished one are kept. Default: 24 hours.</summary>
    public TimeSpan KeepFor { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Most resumable uploads that have begun and are not finished. Default: 1,000.</summary>
    public int MostOpen { get; init; } = 1000;

    /// <summary>
    /// Received bytes are synced to disk each time so many have come, at the end of each piece, and when a connection is lost; only synced bytes are acknowledged.
    /// So a power cut costs the client at most so many bytes once more. Default: 64 MiB.
    /// </summary>
    public long SyncEvery { get; init; } = 64L << 20;

    /// <summary>How often the expired are swept. Default: 10 minutes.</summary>
    public TimeSpan SweepEvery { get; init; } = TimeSpan.FromMinutes(10);
}
