namespace AiAssignments.Core.Telemetry.Memory;

/// <summary>Work under measurement. Thread-safe.</summary>
public sealed class MemoryScope : IDisposable
{
    private readonly MemoryProfiler profiler;
    private readonly IMemoryProbe probe;
    private readonly TimeProvider time;
    private readonly MemoryScope? outer;
    private readonly MemoryScope? joined;
    private readonly string subject;
    private readonly long startedAt;
    private readonly MemoryReading first;
    private readonly CollectorReading collector;
    private readonly Lock gate = new();
    private readonly long[] gpuPeaks;
    private long managed;
    private long resident;
    private long native;
    private int samples;
    private int overlapping;
    private bool ended;

    internal MemoryScope(MemoryProfiler profiler, string subject, IMemoryProbe probe, TimeProvider time, MemoryScope? outer)
    {
        (this.profiler, this.subject, this.probe, this.time, this.outer) = (profiler, subject, probe, time, outer);
        first = probe.Read();
        collector = probe.ReadCollector();
        (managed, resident, native) = (first.ManagedBytes, first.ResidentBytes, first.NativeBytes);
        gpuPeaks = [.. first.GpuBytes ?? []];
        startedAt = time.GetTimestamp();
    }

    // A part of other work: its figures are the whole's, and the whole ends it.
    internal MemoryScope(MemoryScope whole)
    {
        (profiler, subject, probe, time, joined) = (whole.profiler, whole.subject, whole.probe, whole.time, whole);
        (first, collector, gpuPeaks) = (whole.first, whole.collector, whole.gpuPeaks);
    }

    /// <summary>The figures from the beginning until now. Collects everything first, so that what is counted as kept is in use.</summary>
    public MemoryProfile Read()
    {
        if (joined is not null)
        {
            return joined.Read();
        }

        var seconds = time.GetElapsedTime(startedAt).TotalSeconds;
        Take(probe.Read());
        var spent = probe.ReadCollector();
        probe.Collect();
        var last = probe.Read();
        var kept = probe.ReadCollector();
        lock (gate)
        {
            return new MemoryProfile(
                subject,
                1,
                seconds,
                Math.Max(0, spent.AllocatedBytes - collector.AllocatedBytes),
                managed - first.ManagedBytes,
                Math.Max(resident, last.ResidentBytes),
                native - first.NativeBytes,
                last.ManagedBytes - first.ManagedBytes,
                last.NativeBytes - first.NativeBytes,
                (spent.Pause - collector.Pause).TotalSeconds,
                [.. GenerationMemory.Names.Select((name, index) => new GenerationMemory(name, Collections(spent, index), Size(kept, index) - Size(collector, index)))],
                Gpus(last.GpuBytes),
                samples,
                overlapping);
        }
    }

    /// <summary>Ends the measurement.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            if (ended)
            {
                return;
            }

            ended = true;
        }

        if (joined is null)
        {
            profiler.End(this, outer);
        }
    }

    internal bool Of(MemoryProfiler its) => profiler == its && !ended;

    internal void Take(MemoryReading reading)
    {
        lock (gate)
        {
            managed = Math.Max(managed, reading.ManagedBytes);
            resident = Math.Max(resident, reading.ResidentBytes);
            native = Math.Max(native, reading.NativeBytes);
            for (var gpu = 0; gpu < Math.Min(gpuPeaks.Length, reading.GpuBytes?.Count ?? 0); gpu++)
            {
                gpuPeaks[gpu] = Math.Max(gpuPeaks[gpu], reading.GpuBytes![gpu]);
            }

            samples++;
        }
    }

    internal void Together(int others)
    {
        lock (gate)
        {
            overlapping = Math.Max(overlapping, others);
        }
    }

    private static long Size(CollectorReading reading, int generation) => generation < reading.GenerationBytes.Count ? reading.GenerationBytes[generation] : 0;

    private int Collections(CollectorReading now, int generation)
    {
        var index = Math.Min(generation, 2);
        return now.Collections[index] - collector.Collections[index];
    }

    private List<GpuMemory>? Gpus(IReadOnlyList<long>? last) => first.GpuBytes is not { Count: > 0 } before
        ? null
        : [.. before.Select((bytes, gpu) => new GpuMemory(gpu, gpuPeaks[gpu] - bytes, (gpu < last?.Count ? last[gpu] : bytes) - bytes))];
}
