using System.Diagnostics;
using System.Net;
using HdrHistogram;

namespace AiAssignments.Benchmarks.Load;

/// <summary>N users, each sending its next request when its last was answered.</summary>
internal static class ClosedLoad
{
    /// <param name="server">Loopback only.</param>
    /// <param name="users">Connections.</param>
    /// <param name="time">How long.</param>
    /// <param name="next">The request of an ordinal; distinct ordinals for distinct requests.</param>
    /// <param name="accepts">Whether a status is an answer; default 200 to 299.</param>
    public static async Task<LoadResult> RunAsync(IPEndPoint server, int users, TimeSpan time, Func<long, ReadOnlyMemory<byte>> next, Func<int, bool>? accepts = null)
    {
        accepts ??= status => status is >= 200 and < 300;
        var latency = new LongConcurrentHistogram(1, 600_000_000, 3);
        long ordinal = -1, answered = 0, failed = 0;
        var connections = await Task.WhenAll(Enumerable.Range(0, users).Select(_ => HttpConnection.OpenAsync(server))).ConfigureAwait(false);
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(connections.Select(connection => Task.Run(async () =>
        {
            while (watch.Elapsed < time)
            {
                var request = next(Interlocked.Increment(ref ordinal));
                var start = Stopwatch.GetTimestamp();
                var status = await connection.ExchangeAsync(request).ConfigureAwait(false);
                latency.RecordValue(Math.Max(1, (long)Stopwatch.GetElapsedTime(start).TotalMicroseconds));
                Interlocked.Increment(ref accepts(status) ? ref answered : ref failed);
            }
        }))).ConfigureAwait(false);
        var elapsed = watch.Elapsed;
        foreach (var connection in connections)
        {
            connection.Dispose();
        }

        return new(answered, failed, elapsed, latency);
    }
}
