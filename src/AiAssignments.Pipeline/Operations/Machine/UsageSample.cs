namespace AiAssignments.Pipeline.Operations.Machine;

/// <summary>Counters and levels of the machine, the container or the process at one moment. <c>null</c>: not told.</summary>
/// <param name="CpuSeconds">Processor time used since it began, seconds over all cores.</param>
/// <param name="Cores">Cores that may be used; a fraction under a quota.</param>
/// <param name="MemoryBytes">Memory in use that could not be given back at once.</param>
/// <param name="MemoryLimitBytes">Memory that may be used.</param>
/// <param name="DiskReadBytes">Read from disks since it began.</param>
/// <param name="DiskWriteBytes">Written to disks since it began.</param>
/// <param name="NetworkReceiveBytes">Received since it began.</param>
/// <param name="NetworkSendBytes">Sent since it began.</param>
internal sealed record UsageSample(
    double CpuSeconds,
    double Cores,
    long MemoryBytes,
    long? MemoryLimitBytes,
    long? DiskReadBytes,
    long? DiskWriteBytes,
    long? NetworkReceiveBytes,
    long? NetworkSendBytes);

/// <summary>All samples of one moment.</summary>
/// <param name="Timestamp">Of the clock's high-frequency counter.</param>
/// <param name="Machine">As <c>/proc</c> tells; <c>null</c> where there is none.</param>
/// <param name="Container">As the control group tells; <c>null</c> where there is none.</param>
/// <param name="Process">This process.</param>
internal sealed record SystemSample(long Timestamp, UsageSample? Machine, UsageSample? Container, UsageSample Process);
