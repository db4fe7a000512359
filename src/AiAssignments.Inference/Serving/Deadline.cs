using System.Globalization;
using AiAssignments.Core.Errors;

namespace AiAssignments.Inference.Serving;

/// <summary>Until when a request's inference must have begun.</summary>
/// <param name="time">The clock.</param>
/// <param name="limit">From now.</param>
internal readonly struct Deadline(TimeProvider time, TimeSpan limit)
{
    // Timers take no more than 2^32 - 2 ms.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(30);
    private readonly long start = time.GetTimestamp();

    public TimeSpan Limit => limit;

    /// <summary>What is left; not above 0 when it is over.</summary>
    public TimeSpan Left
    {
        get
        {
            var left = limit - time.GetElapsedTime(start);
            return left > Longest ? Longest : left;
        }
    }

    public static ProblemException Exceeded(TimeSpan limit) => new(
        "deadline-exceeded",
        string.Create(CultureInfo.InvariantCulture, $"The request's turn did not come within {limit.TotalMilliseconds:F0} ms; ask again later, or allow more time."));

    public void ThrowIfOver()
    {
        if (Left <= TimeSpan.Zero)
        {
            throw Exceeded(limit);
        }
    }

    /// <summary>Waits for a task as long as there is time.</summary>
    public async Task WaitAsync(Task task, CancellationToken cancellationToken)
    {
        ThrowIfOver();
        try
        {
            await task.WaitAsync(Left, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException) when (!task.IsCompleted)
        {
            throw Exceeded(limit);
        }
    }
}
