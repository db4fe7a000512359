namespace AiAssignments.Inference.Serving.Batching;

/// <summary>Rows a second that a queue gave out lately. Not thread-safe.</summary>
internal sealed class DrainRate(TimeProvider time)
{
    private const int Remembered = 64;
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Unknown = TimeSpan.FromSeconds(1);
    private readonly (long At, int Rows)[] batches = new (long, int)[Remembered];
    private int next;
    private int count;
    private long rows;

    /// <summary>A batch has ended.</summary>
    public void Add(int batchRows)
    {
        rows += batchRows - batches[next].Rows;
        batches[next] = (time.GetTimestamp(), batchRows);
        next = (next + 1) % Remembered;
        count = Math.Min(count + 1, Remembered);
    }

    /// <summary>Time until as many rows are done, 50 ms to 1 minute; 1 s when nothing ran yet.</summary>
    public TimeSpan TimeFor(int waiting)
    {
        if (count < 2)
        {
            return Unknown;
        }

        // The rows of the oldest batch remembered ran before it ended, which is where the span begins.
        var oldest = batches[count < Remembered ? 0 : next];
        var span = time.GetElapsedTime(oldest.At);
        var done = Math.Max(1, rows - oldest.Rows);
        var seconds = waiting * span.TotalSeconds / done;
        return TimeSpan.FromSeconds(Math.Clamp(seconds, Shortest.TotalSeconds, Longest.TotalSeconds));
    }
}
