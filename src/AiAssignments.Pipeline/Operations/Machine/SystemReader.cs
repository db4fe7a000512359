namespace AiAssignments.Pipeline.Operations.Machine;

/// <summary>Takes samples. Where there is no <c>/proc</c>, only the process is told of.</summary>
/// <param name="files">The kernel's files.</param>
/// <param name="time">The clock.</param>
/// <param name="sockets">Counts the bytes of this process's sockets; <c>null</c>: they are not told.</param>
internal sealed class SystemReader(ITextFiles files, TimeProvider time, SocketTraffic? sockets = null)
{
    public SystemSample Read()
    {
        var machine = Machine();
        var cores = machine?.Cores ?? Environment.ProcessorCount;
        var container = machine is null ? null : ControlGroup.Read(files, cores);
        if (container is not null && NetworkNamespace.IsOwn(files))
        {
            // What /proc tells of the network is the container's then, and of the machine's nothing is known in here.
            container = container with { NetworkReceiveBytes = machine!.NetworkReceiveBytes, NetworkSendBytes = machine.NetworkSendBytes };
            machine = machine with { NetworkReceiveBytes = null, NetworkSendBytes = null };
        }

        return new SystemSample(time.GetTimestamp(), machine, container, Process(container?.Cores ?? cores, container?.MemoryLimitBytes ?? machine?.MemoryLimitBytes));
    }

    private UsageSample? Machine()
    {
        if (ProcFiles.Cpu(files.Read("/proc/stat")) is not { } cpu || ProcFiles.Memory(files.Read("/proc/meminfo")) is not { } memory)
        {
            return null;
        }

        var disks = ProcFiles.Disks(files.Read("/proc/diskstats"));
        var network = ProcFiles.Network(files.Read("/proc/net/dev"));
        return new UsageSample(cpu.Seconds, cpu.Cores, memory.Used, memory.Total, disks?.Read, disks?.Written, network?.Received, network?.Sent);
    }

    private UsageSample Process(double cores, long? limit)
    {
        var io = ProcFiles.ProcessIo(files.Read("/proc/self/io"));
        return new UsageSample(Environment.CpuUsage.TotalTime.TotalSeconds, cores, Environment.WorkingSet, limit, io?.Read, io?.Written, sockets?.Received, sockets?.Sent);
    }
}
