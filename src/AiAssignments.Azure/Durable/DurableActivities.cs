using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text.Json;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Workflows;

namespace AiAssignments.Azure.Durable;

/// <summary>Calls activities from an orchestration: by their retry policy, and again and again while whoever does the work is full, which is no failure.</summary>
internal static class DurableActivities
{
    /// <summary>The longest wait between two askings of one who is full.</summary>
    internal static readonly TimeSpan LongestBackOff = TimeSpan.FromMinutes(5);

    /// <summary>One who is full for so long is not full but broken.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromHours(24);

    /// <exception cref="ActivityFailedException">It failed for good.</exception>
    public static async Task<JsonElement> CallAsync(IDurableContext context, string activity, JsonElement input, RetryPolicy? retry)
    {
        var policy = retry ?? RetryPolicy.Default;
        var call = DurableJson.Element(new ActivityCall(input, retry?.RetriedCodes ?? (retry is null ? null : [])), activity);
        DateTime? since = null;
        for (var round = 0; ; round++)
        {
            var answer = await TryAsync(context, activity, call, policy).ConfigureAwait(true);
            if (answer.Problem is { } problem)
            {
                throw new ActivityFailedException(activity, problem);
            }

            if (answer.Busy is not { } busy)
            {
                return answer.Value ?? default;
            }

            var now = context.CurrentUtcDateTime;
            since ??= now;
            if (now - since > Patience)
            {
                throw new ActivityFailedException(activity, new Problem("queue-full", $"Whoever does the work was full for {Patience.TotalHours} hours; ask again when there is room."));
            }

            await context.CreateTimerAsync(now + BackOff(busy, round, input)).ConfigureAwait(true);
        }
    }

    /// <summary>How long to wait: as asked for, twice as long with each round, and up to a quarter more that depends on the input, so that not all come back at once.</summary>
    internal static TimeSpan BackOff(double asked, int round, JsonElement input)
    {
        var seconds = Math.Min(LongestBackOff.TotalSeconds, Math.Max(1, asked) * Math.Pow(2, Math.Min(round, 16)));
        var spread = XxHash32.HashToUInt32(MemoryMarshal.AsBytes(input.GetRawText().AsSpan()), round) / (double)uint.MaxValue;
        return TimeSpan.FromSeconds(seconds * (1 + (0.25 * spread)));
    }

    private static async Task<ActivityAnswer> TryAsync(IDurableContext context, string activity, JsonElement call, RetryPolicy policy)
    {
        try
        {
            return DurableJson.Read<ActivityAnswer>(await context.CallActivityAsync(activity, call, policy).ConfigureAwait(true));
        }
        catch (DurableCallException failed)
        {
            throw new ActivityFailedException(activity, failed.Problem);
        }
    }
}
