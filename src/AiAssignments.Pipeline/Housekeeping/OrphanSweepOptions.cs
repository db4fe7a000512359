namespace AiAssignments.Pipeline.Housekeeping;

/// <summary>When a blob that nobody refers to is an orphan.</summary>
public sealed record OrphanSweepOptions
{
    /// <summary>Youngest age at which it is removed; longer than any step takes between writing a blob and noting that it is there. Default: 24 hours.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromHours(24);

    /// <summary>How often a host without a timer of its own sweeps. Default: 6 hours.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromHours(6);
}
