namespace AiAssignments.Core.Telemetry.Memory;

/// <summary>Reads memory figures: of this process, or made-up ones.</summary>
internal interface IMemoryProbe
{
    /// <summary>The levels now; cheap, called every 10 ms.</summary>
    MemoryReading Read();

    /// <summary>The runtime's counters now.</summary>
    CollectorReading ReadCollector();

    /// <summary>Collects everything, so that what is still in use is what is kept.</summary>
    void Collect();
}

/// <summary>This process, as the runtime, the system and (where somebody watches GPUs) the driver tell.</summary>
internal sealed class ProcessMemoryProbe : IMemoryProbe
{
    public MemoryReading Read() => new(
        GC.GetTotalMemory(forceFullCollection: false),
        GC.GetGCMemoryInfo(GCKind.Any).TotalCommittedBytes,
        Environment.WorkingSet,
        Instruments.GpuMemory?.Invoke());

    public CollectorReading ReadCollector()
    {
        var generations = GC.GetGCMemoryInfo(GCKind.FullBlocking).GenerationInfo;
        var sizes = new long[generations.Length];
        for (var i = 0; i < sizes.Length; i++)
        {
            sizes[i] = generations[i].SizeAfterBytes;
        }

        return new(
            GC.GetTotalAllocatedBytes(precise: false),
            [GC.CollectionCount(0), GC.CollectionCount(1), GC.CollectionCount(2)],
            GC.GetTotalPauseDuration(),
            sizes);
    }

    public void Collect()
    {
        // The second takes what finalizers let go of.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true);
        GC.WaitForPendingFinalizers();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true);
    }
}
