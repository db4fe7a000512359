using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using HdrHistogram;

namespace AiAssignments.Benchmarks.Load;

/// <summary>
/// A fixed rate over many open connections, whatever the server does: a request is due at its time, and its latency counts from then, also while it waits
/// for a free connection (no coordinated omission).
/// </summary>
internal static class OpenLoad
{
    /// <param name="server">Loopback only.</param>
    /// <param name="connections">Open connections.</param>
    /// <param name="perSecond">Requests due each second, evenly spread.</param>
    /// <param name="time">How long.</param>
    /// <param name="next">The request of an ordinal.</param>
    public static async Task<LoadResult> RunAsync(IPEndPoint server, int connections, int perSecond, TimeSpan time, Func<long, ReadOnlyMemory<byte>> next)
    {
        var latency = new LongConcurrentHistogram(1, 600_000_000, 3);
        var idle = new ConcurrentQueue<HttpConnection>();
        for (var opened = 0; opened < connections; opened += 100)
        {
            foreach (var connection in await Task.WhenAll(Enumerable.Range(0, Math.Min(100, connections - opened)).Select(_ => HttpConnection.OpenAsync(server))).ConfigureAwait(false))
            {
                idle.Enqueue(connection);
            }
        }

        var due = new ConcurrentQueue<long>();
        var count = (long)(perSecond * time.TotalSeconds);
        long answered = 0, failed = 0;
        var failures = new ConcurrentDictionary<string, long>(StringComparer.Ordinal);
        void Fail(string kind, long times = 1)
        {
            failures.AddOrUpdate(kind, times, (_, before) => before + times);
            Interlocked.Add(ref failed, times);
        }

        var start = Stopwatch.GetTimestamp();
        long DueAt(long ordinal) => start + (ordinal * Stopwatch.Frequency / perSecond);

        async Task SendAsync(HttpConnection connection, long ordinal)
        {
            while (true)
            {
                try
                {
                    var status = await connection.ExchangeAsync(next(ordinal)).ConfigureAwait(false);
                    latency.RecordValue(Math.Max(1, (long)Stopwatch.GetElapsedTime(DueAt(ordinal)).TotalMicroseconds));
                    if (status is >= 200 and < 300)
                    {
                        Interlocked.Increment(ref answered);
                    }
                    else
                    {
                        Fail(status.ToString(CultureInfo.InvariantCulture));
                    }
                }
                catch (Exception error) when (error is IOException or System.Net.Sockets.SocketException)
                {
                    Fail("connection");
                    return;
                }

                if (!due.TryDequeue(out ordinal))
                {
                    break;
                }
            }

            idle.Enqueue(connection);
        }

        for (long ordinal = 0; ordinal < count;)
        {
            while (ordinal < count && Stopwatch.GetTimestamp() >= DueAt(ordinal))
            {
                if (idle.TryDequeue(out var connection))
                {
                    _ = SendAsync(connection, ordinal);
                }
                else
                {
                    due.Enqueue(ordinal);
                }

                ordinal++;
            }

            Thread.Sleep(1);
        }

        var patience = Stopwatch.StartNew();
        while (Interlocked.Read(ref answered) + Interlocked.Read(ref failed) < count && patience.Elapsed < TimeSpan.FromSeconds(30))
        {
            if (!due.IsEmpty && idle.TryDequeue(out var connection) && due.TryDequeue(out var late))
            {
                _ = SendAsync(connection, late);
            }

            await Task.Delay(1).ConfigureAwait(false);
        }

        var elapsed = Stopwatch.GetElapsedTime(start);
        if (count - Interlocked.Read(ref answered) - Interlocked.Read(ref failed) is var lost and > 0)
        {
            Fail("no answer", lost);
        }

        while (idle.TryDequeue(out var connection))
        {
            connection.Dispose();
        }

        return new(answered, failed, elapsed, latency) { Failures = failures };
    }
}
