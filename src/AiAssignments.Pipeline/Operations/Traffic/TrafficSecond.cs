namespace AiAssignments.Pipeline.Operations.Traffic;

/// <summary>What happened in one second. Buckets are there once something was timed.</summary>
internal sealed class TrafficSecond
{
    public long Second = -1;
    public int[]? Buckets;
    public long Timed;
    public double SumSeconds;
    public long Requests;
    public long Errors;
    public long Lookups;
    public long Hits;
    public long PeakConnections;
    public long PeakQueue;

    /// <summary>Begins another second in the same place.</summary>
    public void Begin(long second, long connections, long queue)
    {
        Second = second;
        Buckets.AsSpan().Clear();
        Timed = Requests = Errors = Lookups = Hits = 0;
        SumSeconds = 0;
        PeakConnections = connections;
        PeakQueue = queue;
    }
}
