namespace AiAssignments.Pipeline.Operations;

/// <summary>The managed heap of this process.</summary>
/// <param name="HeapBytes">In use after the last collection, fragments included.</param>
/// <param name="CommittedBytes">Taken from the system.</param>
/// <param name="PausePercent">Share of the process's life spent paused by collections, 0..100.</param>
/// <param name="Collections">Collections by generation, 0 first.</param>
/// <param name="Threads">Threads of the pool.</param>
public sealed record ManagedMemory(long HeapBytes, long CommittedBytes, double PausePercent, IReadOnlyList<int> Collections, int Threads)
{
    internal static ManagedMemory Read()
    {
        var memory = GC.GetGCMemoryInfo();
        return new ManagedMemory(
            memory.HeapSizeBytes,
            memory.TotalCommittedBytes,
            memory.PauseTimePercentage,
            [.. Enumerable.Range(0, GC.MaxGeneration + 1).Select(GC.CollectionCount)],
            ThreadPool.ThreadCount);
    }
}
