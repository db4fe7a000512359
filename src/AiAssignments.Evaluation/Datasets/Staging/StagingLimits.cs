namespace AiAssignments.Evaluation.Datasets.Staging;

/// <summary>How far a compressed dataset may grow before it is taken for a bomb.</summary>
public sealed record StagingLimits
{
    /// <summary>The defaults.</summary>
    public static StagingLimits Default { get; } = new();

    /// <summary>Most bytes written; at least 1. Default: 64 GiB.</summary>
    public long MaxBytes { get; init; } = 64L << 30;

    /// <summary>Most bytes written for each byte read, checked beyond <see cref="RatioFloor"/>; at least 1. Default: 250 (texts reach 5 to 20; gzip can do 1,032).</summary>
    public double MaxRatio { get; init; } = 250;

    /// <summary>Bytes that may be written whatever the ratio. Default: 64 MiB.</summary>
    public long RatioFloor { get; init; } = 64L << 20;
}
