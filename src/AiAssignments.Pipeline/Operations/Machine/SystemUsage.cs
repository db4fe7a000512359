namespace AiAssignments.Pipeline.Operations.Machine;

/// <summary>What machine, container and process used over a window.</summary>
/// <param name="Machine">The machine, as <c>/proc</c> tells; <c>null</c> where there is none.</param>
/// <param name="Container">The control group of this process, in a container the container; <c>null</c> where there is none.</param>
/// <param name="Process">This process.</param>
public sealed record SystemUsage(UsageFigures? Machine, UsageFigures? Container, UsageFigures Process)
{
    internal static SystemUsage Between(SystemSample before, SystemSample after, TimeProvider time, long? machinePeak = null, long? containerPeak = null, long? processPeak = null)
    {
        var elapsed = time.GetElapsedTime(before.Timestamp, after.Timestamp);
        return new SystemUsage(
            UsageFigures.Between(before.Machine, after.Machine, elapsed, machinePeak),
            UsageFigures.Between(before.Container, after.Container, elapsed, containerPeak),
            UsageFigures.Between(before.Process, after.Process, elapsed, processPeak)!);
    }
}
