namespace AiAssignments.Core.Telemetry.Memory;

/// <summary>
/// What a piece of work did to the memory of this process. The counters are the whole process's: whatever else ran meanwhile is counted too, and <paramref name="Overlapping"/> tells of other measured work only.
/// Peaks are the highest of samples taken every 10 ms and at both ends, so a spike between two samples is missed. How far the figures can be trusted: <c>docs/measuring.md</c>.
/// </summary>
/// <param name="Subject">What was measured: an activity's name, <c>predict</c>.</param>
/// <param name="Runs">Runs that are added up here; 1 for a single one.</param>
/// <param name="Seconds">Time measured, seconds, summed over runs.</param>
/// <param name="AllocatedBytes">Managed bytes allocated, summed over runs.</param>
/// <param name="PeakManagedBytes">Most that the managed heap was above its size at the beginning; the highest of runs.</param>
/// <param name="PeakResidentBytes">Most memory of the process in RAM, all of it; the highest of runs.</param>
/// <param name="PeakNativeBytes">Most that the memory outside of the managed heap (graphs, ONNX Runtime's arenas, image codecs, stacks, mapped files) was above its size at the beginning; the highest of runs.</param>
/// <param name="RetainedBytes">Managed bytes in use after a full collection at the end, less those after one at the beginning; summed over runs. Negative when something was let go.</param>
/// <param name="RetainedNativeBytes">The same of the memory outside of the managed heap; the allocator gives pages back late, so what is kept ready for the next run is counted.</param>
/// <param name="PauseSeconds">Time that collections stopped the process, the two forced ones left out; summed over runs.</param>
/// <param name="Generations">By generation of the managed heap: 0, 1, 2, large objects, pinned objects.</param>
/// <param name="Gpus">Memory of GPUs, of all processes on them; <c>null</c> where there is none.</param>
/// <param name="Samples">Samples that the peaks are of, summed over runs.</param>
/// <param name="Overlapping">Most other measured work that ran at the same time.</param>
public sealed record MemoryProfile(
    string Subject,
    int Runs,
    double Seconds,
    long AllocatedBytes,
    long PeakManagedBytes,
    long PeakResidentBytes,
    long PeakNativeBytes,
    long RetainedBytes,
    long RetainedNativeBytes,
    double PauseSeconds,
    IReadOnlyList<GenerationMemory> Generations,
    IReadOnlyList<GpuMemory>? Gpus,
    int Samples,
    int Overlapping)
{
    /// <summary>Several runs as one: sums of what was spent or kept, the highest of peaks. In any order.</summary>
    /// <param name="subject">What they are together.</param>
    /// <param name="profiles">1 or more.</param>
    public static MemoryProfile Merge(string subject, IReadOnlyCollection<MemoryProfile> profiles)
    {
        ArgumentNullException.ThrowIfNull(profiles);
        ArgumentOutOfRangeException.ThrowIfZero(profiles.Count);
        var gpus = profiles.SelectMany(profile => profile.Gpus ?? []).GroupBy(gpu => gpu.Gpu).OrderBy(group => group.Key)
            .Select(group => new GpuMemory(group.Key, group.Max(gpu => gpu.PeakBytes), group.Sum(gpu => gpu.RetainedBytes))).ToList();
        return new MemoryProfile(
            subject,
            profiles.Sum(profile => profile.Runs),
            profiles.Select(profile => profile.Seconds).Order().Sum(),
            profiles.Sum(profile => profile.AllocatedBytes),
            profiles.Max(profile => profile.PeakManagedBytes),
            profiles.Max(profile => profile.PeakResidentBytes),
            profiles.Max(profile => profile.PeakNativeBytes),
            profiles.Sum(profile => profile.RetainedBytes),
            profiles.Sum(profile => profile.RetainedNativeBytes),
            profiles.Select(profile => profile.PauseSeconds).Order().Sum(),
            [.. GenerationMemory.Names.Select(name => GenerationMemory.Merge(name, profiles))],
            gpus.Count == 0 ? null : gpus,
            profiles.Sum(profile => profile.Samples),
            profiles.Max(profile => profile.Overlapping));
    }
}

/// <summary>One generation of the managed heap.</summary>
/// <param name="Generation"><c>0</c>, <c>1</c>, <c>2</c>, <c>large</c> (objects of 85,000 bytes and more), <c>pinned</c>.</param>
/// <param name="Collections">Collections of it, the two forced ones left out; <c>large</c> and <c>pinned</c> are collected with 2.</param>
/// <param name="RetainedBytes">Its size after the collection at the end, less that at the beginning.</param>
public sealed record GenerationMemory(string Generation, int Collections, long RetainedBytes)
{
    internal static readonly string[] Names = ["0", "1", "2", "large", "pinned"];

    internal static GenerationMemory Merge(string name, IEnumerable<MemoryProfile> profiles)
    {
        var all = profiles.SelectMany(profile => profile.Generations).Where(generation => generation.Generation == name).ToList();
        return new GenerationMemory(name, all.Sum(generation => generation.Collections), all.Sum(generation => generation.RetainedBytes));
    }
}

/// <summary>One GPU.</summary>
/// <param name="Gpu">Its index in the driver's order.</param>
/// <param name="PeakBytes">Most memory in use above what was in use at the beginning, of all processes.</param>
/// <param name="RetainedBytes">In use at the end, less what was in use at the beginning.</param>
public sealed record GpuMemory(int Gpu, long PeakBytes, long RetainedBytes);
