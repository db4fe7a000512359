namespace AiAssignments.Pipeline.Operations.Machine;

/// <summary>What the machine, the container or the process used between two moments. Figures that the system does not tell are <c>null</c>.</summary>
/// <param name="Seconds">Time between the moments, seconds.</param>
/// <param name="CpuPercent">Processor time, percent of <paramref name="Cores"/>, 0..100.</param>
/// <param name="Cores">Cores that may be used; a fraction under a quota.</param>
/// <param name="MemoryBytes">Memory in use at the end, bytes: without what the kernel could give back at once.</param>
/// <param name="MemoryLimitBytes">Memory that may be used, bytes.</param>
/// <param name="PeakMemoryBytes">Most of the samples in the window, bytes.</param>
/// <param name="DiskReadBytesPerSecond">Read from disks.</param>
/// <param name="DiskWriteBytesPerSecond">Written to disks.</param>
/// <param name="NetworkReceiveBytesPerSecond">
/// Received. Of machine and container by interfaces to the outside: in a container with a network of its own that is told of the container, and nothing is known of the machine's; else of the machine.
/// Of the process by its sockets, what stays on the machine included.
/// </param>
/// <param name="NetworkSendBytesPerSecond">Sent, likewise.</param>
public sealed record UsageFigures(
    double Seconds,
    double? CpuPercent,
    double Cores,
    long MemoryBytes,
    long? MemoryLimitBytes,
    long PeakMemoryBytes,
    double? DiskReadBytesPerSecond,
    double? DiskWriteBytesPerSecond,
    double? NetworkReceiveBytesPerSecond,
    double? NetworkSendBytesPerSecond)
{
    internal static UsageFigures? Between(UsageSample? before, UsageSample? after, TimeSpan elapsed, long? peak = null)
    {
        if (after is null)
        {
            return null;
        }

        var seconds = before is null ? 0 : elapsed.TotalSeconds;
        return new UsageFigures(
            seconds,
            seconds > 0 && after.Cores > 0 ? Math.Clamp((after.CpuSeconds - before!.CpuSeconds) / seconds / after.Cores * 100, 0, 100) : null,
            after.Cores,
            after.MemoryBytes,
            after.MemoryLimitBytes,
            Math.Max(peak ?? 0, after.MemoryBytes),
            Rate(before?.DiskReadBytes, after.DiskReadBytes),
            Rate(before?.DiskWriteBytes, after.DiskWriteBytes),
            Rate(before?.NetworkReceiveBytes, after.NetworkReceiveBytes),
            Rate(before?.NetworkSendBytes, after.NetworkSendBytes));

        // A device that was taken away takes its count with it.
        double? Rate(long? first, long? last) => seconds > 0 && first is { } from && last is { } to ? Math.Max(0, to - from) / seconds : null;
    }
}
