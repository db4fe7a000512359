namespace AiAssignments.Bench.Installations;

/// <summary>What was used.</summary>
/// <param name="Cores">Processor time by time.</param>
/// <param name="PeakBytes">Most memory in RAM of the samples.</param>
/// <param name="DiskBytesPerSecond">Read from and written to disks.</param>
internal sealed record ResourceUse(double? Cores, double? PeakBytes, double? DiskBytesPerSecond);
