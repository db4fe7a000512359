namespace AiAssignments.LoadTesting.Running;

/// <summary>Time since the start of a run, in ticks of 100 ns.</summary>
internal sealed class RunClock(TimeProvider time)
{
    private long start = time.GetTimestamp();

    /// <summary>Begins anew.</summary>
    public void Restart() => start = time.GetTimestamp();

    public long Now => time.GetElapsedTime(start).Ticks;
}
