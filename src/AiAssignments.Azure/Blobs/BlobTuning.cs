namespace AiAssignments.Azure.Blobs;

/// <summary>Sizes of transfers.</summary>
internal sealed record BlobTuning
{
    /// <summary>Bytes a block; up to so many are written by one request. A blob has at most 50,000 blocks (learn.microsoft.com, "Scalability targets for Blob Storage"): 195 GiB.</summary>
    public int BlockBytes { get; init; } = 4 << 20;

    /// <summary>Blocks of one writer under way at once.</summary>
    public int Parallel { get; init; } = 3;

    /// <summary>Blobs a page of a listing; <c>null</c>: as many as the service gives, 5,000.</summary>
    public int? ListPage { get; init; }
}
