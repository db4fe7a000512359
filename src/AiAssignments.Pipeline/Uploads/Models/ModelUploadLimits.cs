namespace AiAssignments.Pipeline.Uploads.Models;

/// <summary>How far an uploaded model may go.</summary>
public sealed record ModelUploadLimits
{
    /// <summary>Most bytes of the request, and of the unpacked files together. Default: 16 GiB.</summary>
    public long MaxBytes { get; init; } = 16L << 30;

    /// <summary>Most files, folders counted. Default: 1,000.</summary>
    public int MaxEntries { get; init; } = 1000;

    /// <summary>Most unpacked bytes for each packed one, beyond <see cref="RatioFloor"/>. Default: 200 (weights reach 1 to 4, texts 5 to 20; deflate can do 1,032).</summary>
    public double MaxRatio { get; init; } = 200;

    /// <summary>Bytes of an entry that may be unpacked whatever the ratio. Default: 64 MiB.</summary>
    public long RatioFloor { get; init; } = 64L << 20;
}
