using AiAssignments.Pipeline.Operations.Gpu;
using AiAssignments.Pipeline.Operations.Machine;

namespace AiAssignments.Pipeline.Operations;

/// <summary>What <c>/metrics/system</c> shows.</summary>
/// <param name="At">When.</param>
/// <param name="Machine">The machine over the last few seconds; <c>null</c> where the system does not tell.</param>
/// <param name="Container">The control group of this process, likewise: in a container, the container.</param>
/// <param name="Process">This process, likewise.</param>
/// <param name="Managed">Its managed heap.</param>
/// <param name="Disk">Space where the data lies.</param>
/// <param name="Gpus">GPUs; <c>null</c> when there is none, or no driver.</param>
/// <param name="Windows">The same over <c>1m</c>, <c>5m</c> and <c>15m</c>.</param>
public sealed record SystemReport(
    DateTimeOffset At,
    UsageFigures? Machine,
    UsageFigures? Container,
    UsageFigures Process,
    ManagedMemory Managed,
    DiskSpace? Disk,
    IReadOnlyList<GpuFigures>? Gpus,
    IReadOnlyDictionary<string, SystemUsage> Windows);
