using System.Text.Json;
using AiAssignments.Core.Telemetry;
using AiAssignments.Pipeline.Operations.Gpu;
using AiAssignments.Pipeline.Operations.Machine;
using AiAssignments.Pipeline.Operations.Traffic;

namespace AiAssignments.Pipeline.Operations;

/// <summary>Figures of this machine, container, process and its traffic: now and over 1, 5 and 15 minutes. Made once a process, before the first request.</summary>
public sealed class OperationsMonitor : IDisposable
{
    private static readonly (string Name, TimeSpan Length)[] Windows = [("1m", TimeSpan.FromMinutes(1)), ("5m", TimeSpan.FromMinutes(5)), ("15m", TimeSpan.FromMinutes(15))];
    private static readonly TimeSpan Now = TimeSpan.FromSeconds(5);

    private readonly TimeProvider time;
    private readonly string dataFolder;
    private readonly SocketTraffic sockets = new();
    private readonly SystemReader reader;
    private readonly SystemHistory history;
    private readonly TrafficMeter traffic;
    private readonly GpuReader? gpus;
    private readonly ITimer sampling;
    private readonly Lock sync = new();
    private SystemSample lastTick;

    /// <summary>Begins to measure.</summary>
    /// <param name="dataFolder">A folder on the disk whose space is told.</param>
    /// <param name="time">The clock; the system's when <c>null</c>.</param>
    public OperationsMonitor(string dataFolder, TimeProvider? time = null)
        : this(dataFolder, time ?? TimeProvider.System, new KernelFiles())
    {
    }

    internal OperationsMonitor(string dataFolder, TimeProvider time, ITextFiles files)
    {
        this.time = time;
        this.dataFolder = dataFolder;
        reader = new SystemReader(files, time, sockets);
        traffic = new TrafficMeter(time);
        history = new SystemHistory(reader.Read, time);
        lastTick = reader.Read();
        gpus = GpuReader.TryOpen();
        Instruments.GpuMemory = gpus is null ? null : () => gpus.Read().Select(gpu => gpu.MemoryBytes ?? 0).ToList();
        Instruments.Limits = ReadLimits;
        Instruments.ProcessDisk = ReadDisk;
        Instruments.ProcessNetwork = () => (sockets.Received, sockets.Sent);
        sampling = time.CreateTimer(static history => ((SystemHistory)history!).Sample(), history, SystemHistory.Period, SystemHistory.Period);
    }

    /// <summary>How the reports and ticks are written: camelCase, figures that are not known as <c>null</c>.</summary>
    public static JsonSerializerOptions Json { get; } = MakeJson();

    /// <summary>The system's figures.</summary>
    public SystemReport System()
    {
        var now = history.Over(Now);
        return new SystemReport(
            time.GetUtcNow(),
            now.Machine,
            now.Container,
            now.Process,
            ManagedMemory.Read(),
            DiskSpace.Of(dataFolder),
            gpus?.Read(),
            Windows.ToDictionary(window => window.Name, window => history.Over(window.Length)));
    }

    /// <summary>The traffic's figures.</summary>
    public ApplicationReport Application() => new(
        time.GetUtcNow(),
        traffic.Connections,
        traffic.QueueLength,
        traffic.Over(Now),
        Windows.ToDictionary(window => window.Name, window => traffic.Over(window.Length)));

    /// <summary>The next tick; to be asked for by one caller, about once a second.</summary>
    public MetricsTick Tick()
    {
        var sample = reader.Read();
        SystemUsage usage;
        lock (sync)
        {
            usage = SystemUsage.Between(lastTick, sample, time);
            lastTick = sample;
        }

        return MetricsTick.Of(usage, DiskSpace.Of(dataFolder), gpus?.Read(), traffic.Over(Now), traffic.Connections, traffic.QueueLength);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        sampling.Dispose();
        Instruments.GpuMemory = null;
        Instruments.Limits = null;
        Instruments.ProcessDisk = null;
        Instruments.ProcessNetwork = null;
        sockets.Dispose();
        traffic.Dispose();
    }

    private (long? Read, long? Written) ReadDisk()
    {
        var process = reader.Read().Process;
        return (process.DiskReadBytes, process.DiskWriteBytes);
    }

    private (long? Memory, long? DiskFree, long? DiskSize) ReadLimits()
    {
        var (sample, disk) = (reader.Read(), DiskSpace.Of(dataFolder));
        return (sample.Process.MemoryLimitBytes, disk?.FreeBytes, disk?.TotalBytes);
    }

    private static JsonSerializerOptions MakeJson()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
