namespace AiAssignments.Core.Telemetry.Memory;

/// <summary>Levels of this process's memory at one moment.</summary>
/// <param name="ManagedBytes">In use on the managed heap, what is garbage and not collected yet included.</param>
/// <param name="CommittedBytes">Taken from the system by the managed heap, as of its last collection.</param>
/// <param name="ResidentBytes">Of the process in RAM.</param>
/// <param name="GpuBytes">In use on each GPU, of all processes; <c>null</c> where there is none.</param>
internal sealed record MemoryReading(long ManagedBytes, long CommittedBytes, long ResidentBytes, IReadOnlyList<long>? GpuBytes)
{
    /// <summary>In RAM and not the managed heap's. The heap may have grown since its last collection.</summary>
    public long NativeBytes => Math.Max(0, ResidentBytes - Math.Max(CommittedBytes, ManagedBytes));
}

/// <summary>Counters of the runtime, and sizes after its last collection.</summary>
/// <param name="AllocatedBytes">Managed bytes allocated since the start of the process.</param>
/// <param name="Collections">Collections of generations 0, 1 and 2.</param>
/// <param name="Pause">Time that collections stopped the process.</param>
/// <param name="GenerationBytes">Sizes of generations 0, 1, 2, of large and of pinned objects.</param>
internal sealed record CollectorReading(long AllocatedBytes, IReadOnlyList<int> Collections, TimeSpan Pause, IReadOnlyList<long> GenerationBytes);
