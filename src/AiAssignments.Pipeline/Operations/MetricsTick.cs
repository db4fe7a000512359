using AiAssignments.Pipeline.Operations.Gpu;
using AiAssignments.Pipeline.Operations.Machine;
using AiAssignments.Pipeline.Operations.Traffic;

namespace AiAssignments.Pipeline.Operations;

/// <summary>One tick of the performance view.</summary>
/// <param name="System">The container where there is a limit, else the machine, over the time since the last tick.</param>
/// <param name="Application">Traffic over the last few seconds.</param>
public sealed record MetricsTick(MetricsTick.SystemPart System, MetricsTick.ApplicationPart Application)
{
    /// <summary>Always <c>metrics</c>.</summary>
    public string Kind { get; } = "metrics";

    internal static MetricsTick Of(SystemUsage usage, DiskSpace? disk, IReadOnlyList<GpuFigures>? gpus, TrafficFigures traffic, long connections, long queue)
    {
        var machine = usage.Machine;
        var own = usage.Container is { } container && (container.MemoryLimitBytes is not null || container.Cores < machine?.Cores) ? container : machine ?? usage.Process;
        return new MetricsTick(
            new SystemPart(
                own.CpuPercent,
                own.MemoryBytes,
                own.MemoryLimitBytes ?? machine?.MemoryLimitBytes,
                own.DiskReadBytesPerSecond ?? machine?.DiskReadBytesPerSecond,
                own.DiskWriteBytesPerSecond ?? machine?.DiskWriteBytesPerSecond,
                disk?.FreeBytes,
                usage.Container?.NetworkReceiveBytesPerSecond ?? machine?.NetworkReceiveBytesPerSecond,
                usage.Container?.NetworkSendBytesPerSecond ?? machine?.NetworkSendBytesPerSecond,
                gpus),
            new ApplicationPart(
                connections,
                traffic.RequestsPerSecond,
                traffic.AverageMs,
                traffic.P50Ms,
                traffic.P95Ms,
                traffic.P99Ms,
                traffic.ErrorRate,
                traffic.CacheHitRate,
                queue));
    }

    /// <summary>What is used. Names and units as in <see cref="UsageFigures"/>.</summary>
    /// <param name="CpuPercent">Percent of the cores that may be used.</param>
    /// <param name="MemoryBytes">Memory in use.</param>
    /// <param name="MemoryLimitBytes">Memory that may be used.</param>
    /// <param name="DiskReadBytesPerSecond">Read from disks.</param>
    /// <param name="DiskWriteBytesPerSecond">Written to disks.</param>
    /// <param name="DiskFreeBytes">Free where the data lies.</param>
    /// <param name="NetworkReceiveBytesPerSecond">Received.</param>
    /// <param name="NetworkSendBytesPerSecond">Sent.</param>
    /// <param name="Gpu">GPUs; <c>null</c> for none.</param>
    public sealed record SystemPart(
        double? CpuPercent,
        long MemoryBytes,
        long? MemoryLimitBytes,
        double? DiskReadBytesPerSecond,
        double? DiskWriteBytesPerSecond,
        long? DiskFreeBytes,
        double? NetworkReceiveBytesPerSecond,
        double? NetworkSendBytesPerSecond,
        IReadOnlyList<GpuFigures>? Gpu);

    /// <summary>What is asked. Names and units as in <see cref="TrafficFigures"/>.</summary>
    /// <param name="ActiveConnections">Requests being answered and open sockets, now.</param>
    /// <param name="RequestsPerSecond">Finished requests.</param>
    /// <param name="AverageMs">Mean response time.</param>
    /// <param name="P50Ms">Median.</param>
    /// <param name="P95Ms">95th percentile.</param>
    /// <param name="P99Ms">99th percentile.</param>
    /// <param name="ErrorRate">Share of statuses of 500 or more.</param>
    /// <param name="CacheHitRate">Share of look-ups answered by a cache.</param>
    /// <param name="QueueLength">Rows that wait for a batch, now.</param>
    public sealed record ApplicationPart(
        long ActiveConnections,
        double RequestsPerSecond,
        double? AverageMs,
        double? P50Ms,
        double? P95Ms,
        double? P99Ms,
        double? ErrorRate,
        double? CacheHitRate,
        long QueueLength);
}
