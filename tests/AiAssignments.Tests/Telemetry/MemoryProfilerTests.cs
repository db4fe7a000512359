using AiAssignments.Core.Telemetry.Memory;
using Microsoft.Extensions.Time.Testing;

namespace AiAssignments.Tests.Telemetry;

public sealed class MemoryProfilerTests
{
    private readonly FakeTimeProvider time = new();
    private readonly ScriptedProbe probe = new();

    [Fact]
    public void Figures_are_differences_from_the_beginning_and_peaks_are_of_all_samples()
    {
        var profiler = new MemoryProfiler(probe, time, sampling: false);
        probe.Set(managed: 100, committed: 200, resident: 1000, allocated: 5000, gpu: [50, 70]);
        probe.Kept = [10, 20, 30, 40, 0];
        MemoryProfile profile;
        using (var scope = profiler.Begin("work"))
        {
            Assert.Equal(1, probe.Collections);
            time.Advance(TimeSpan.FromSeconds(2));
            probe.Set(managed: 900, committed: 1000, resident: 3000, allocated: 9000, gpu: [90, 60]);
            profiler.Sample();
            probe.Set(managed: 150, committed: 400, resident: 1500, allocated: 9500, gpu: [55, 70]);
            probe.Runs = [7, 3, 1];
            probe.Pause = TimeSpan.FromMilliseconds(40);
            probe.OnCollect = () =>
            {
                // What the forced collection does itself is not the work's.
                probe.Runs = [9, 5, 3];
                probe.Pause = TimeSpan.FromSeconds(9);
                probe.Kept = [10, 20, 130, 40, 5];
            };
            profile = scope.Read();
        }

        Assert.Equal(("work", 1, 2.0, 4500L), (profile.Subject, profile.Runs, profile.Seconds, profile.AllocatedBytes));
        Assert.Equal((800L, 3000L, 1200L), (profile.PeakManagedBytes, profile.PeakResidentBytes, profile.PeakNativeBytes));
        Assert.Equal((50L, 300L), (profile.RetainedBytes, profile.RetainedNativeBytes));
        Assert.Equal(0.04, profile.PauseSeconds, 9);
        Assert.Equal([("0", 7, 0L), ("1", 3, 0L), ("2", 1, 100L), ("large", 1, 0L), ("pinned", 1, 5L)], profile.Generations.Select(one => (one.Generation, one.Collections, one.RetainedBytes)));
        Assert.Equal([(0, 40L, 5L), (1, 0L, 0L)], profile.Gpus!.Select(gpu => (gpu.Gpu, gpu.PeakBytes, gpu.RetainedBytes)));
        Assert.Equal((2, 0), (profile.Samples, profile.Overlapping));
        Assert.False(profiler.Sample());
    }

    [Fact]
    public void Work_beside_other_measured_work_says_so_and_a_part_joins_the_whole()
    {
        var profiler = new MemoryProfiler(probe, time, sampling: false);
        Assert.Null(profiler.Join(asked: false, "nothing"));
        using var first = profiler.Begin("first");
        using (var part = profiler.Join(asked: true, "part"))
        {
            Assert.Equal("first", part!.Read().Subject);
        }

        MemoryProfile second = null!;
        var beside = new Thread(() =>
        {
            using var scope = profiler.Begin("second");
            second = scope.Read();
        });
        using (ExecutionContext.SuppressFlow())
        {
            beside.Start();
        }

        beside.Join();
        Assert.Equal((1, 1), (first.Read().Overlapping, second.Overlapping));
        Assert.True(profiler.Sample());
        first.Dispose();
        Assert.Null(profiler.Join(asked: false, "after"));
    }

    [Fact]
    public void Runs_merge_to_sums_and_highest_in_any_order()
    {
        var one = Made(1, 0.1, 100, [new GpuMemory(0, 5, 1)]);
        var two = Made(2, 0.2, 300, null);
        var three = Made(1, 0.7, 200, [new GpuMemory(0, 9, -1), new GpuMemory(1, 2, 2)]);
        var merged = MemoryProfile.Merge("all", [one, two, three]);
        Assert.Equal((4, 600L, 300L, 300L, 600L), (merged.Runs, merged.AllocatedBytes, merged.PeakManagedBytes, merged.PeakResidentBytes, merged.RetainedBytes));
        Assert.Equal(1.0, merged.Seconds, 12);
        Assert.Equal([new GpuMemory(0, 9, 0), new GpuMemory(1, 2, 2)], merged.Gpus!);
        Assert.Equal(600, merged.Generations.Single(one => one.Generation == "2").RetainedBytes);
        var other = MemoryProfile.Merge("all", [three, one, two]);
        Assert.Equal(merged with { Generations = [], Gpus = null }, other with { Generations = [], Gpus = null });
        Assert.Equal(merged.Generations, other.Generations);
    }

    private static MemoryProfile Made(int runs, double seconds, long bytes, IReadOnlyList<GpuMemory>? gpus) => new(
        "work", runs, seconds, bytes, bytes, bytes, bytes, bytes, bytes, seconds, [new GenerationMemory("2", 1, bytes)], gpus, 3, 0);

    private sealed class ScriptedProbe : IMemoryProbe
    {
        private MemoryReading levels = new(0, 0, 0, null);
        private long allocated;

        public int Collections { get; private set; }

        public int[] Runs { get; set; } = [0, 0, 0];

        public TimeSpan Pause { get; set; }

        public long[] Kept { get; set; } = [0, 0, 0, 0, 0];

        public Action? OnCollect { get; set; }

        public void Set(long managed, long committed, long resident, long allocated, IReadOnlyList<long> gpu) =>
            (levels, this.allocated) = (new MemoryReading(managed, committed, resident, gpu), allocated);

        public MemoryReading Read() => levels;

        public CollectorReading ReadCollector() => new(allocated, Runs, Pause, Kept);

        public void Collect()
        {
            Collections++;
            OnCollect?.Invoke();
        }
    }
}

/// <summary>The profiler of the process itself, with nothing else running.</summary>
[Collection("Instruments")]
public sealed class ProcessMemoryTests
{
    [Fact]
    public void What_is_allocated_kept_and_let_go_is_seen()
    {
        const int Size = 64 << 20;
        using var scope = MemoryProfiler.Process.Begin("work");
        var kept = new byte[Size];
        kept.AsSpan().Fill(1);
        var dropped = new byte[Size];
        dropped.AsSpan().Fill(1);
        Assert.NotSame(kept, dropped);
        dropped = null;
        var profile = scope.Read();
        GC.KeepAlive(kept);

        // The runtime may hold a few MB more or less for its own work.
        const long About = 8 << 20;
        Assert.InRange(profile.AllocatedBytes, (2L * Size) - About, (2L * Size) + (4 * About));
        Assert.InRange(profile.PeakManagedBytes, (2L * Size) - About, (2L * Size) + (4 * About));
        Assert.InRange(profile.RetainedBytes, Size - About, (2L * Size) + About);
        Assert.InRange(profile.Generations.Single(one => one.Generation == "large").RetainedBytes, Size - About, (2L * Size) + About);
        Assert.True(profile.PeakResidentBytes > 2L * Size);
    }
}
