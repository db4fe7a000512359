using System.Diagnostics.Metrics;
using AiAssignments.Core.Telemetry;

namespace AiAssignments.Pipeline.Operations.Traffic;

/// <summary>
/// Figures over sliding windows of up to 15 minutes, from what <see cref="Instruments"/> records in this process. Keeps a slot a second, at most about 3 MB.
/// Sums of what goes up and down (connections, queue) are right from its own start on, so it is made before the first request.
/// </summary>
public sealed class TrafficMeter : IDisposable
{
    /// <summary>Longest window.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);

    private readonly TimeProvider time;
    private readonly long start;
    private readonly MeterListener listener = new();
    private readonly TrafficSecond[] ring = new TrafficSecond[(int)Longest.TotalSeconds + 1];
    private readonly Lock sync = new();
    private long connections;
    private long queue;

    /// <summary>Begins to listen.</summary>
    /// <param name="time">The clock.</param>
    public TrafficMeter(TimeProvider time)
    {
        this.time = time;
        start = time.GetTimestamp();
        for (var slot = 0; slot < ring.Length; slot++)
        {
            ring[slot] = new TrafficSecond();
        }

        Instrument[] wanted = [Instruments.HttpRequests, Instruments.HttpRequestDuration, Instruments.ActiveConnections, Instruments.QueueLength, Instruments.CacheLookups];
        listener.InstrumentPublished = (instrument, it) =>
        {
            if (wanted.Contains(instrument))
            {
                it.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Take(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((_, value, _, _) => Time(value));
        listener.Start();
    }

    /// <summary>Requests being answered and open sockets, now.</summary>
    public long Connections => Interlocked.Read(ref connections);

    /// <summary>Rows that wait for a batch, now.</summary>
    public long QueueLength => Interlocked.Read(ref queue);

    /// <summary>The figures of the last so many seconds, the present one included.</summary>
    /// <param name="window">1 s to <see cref="Longest"/>.</param>
    public TrafficFigures Over(TimeSpan window)
    {
        var counts = new long[LogBuckets.Count];
        long timed = 0, requests = 0, errors = 0, lookups = 0, hits = 0, peakConnections = Connections, peakQueue = QueueLength;
        double sum = 0;
        double span;
        lock (sync)
        {
            var elapsed = time.GetElapsedTime(start).TotalSeconds;
            var present = (long)elapsed;
            var oldest = Math.Max(0, present - (long)Math.Min(window.TotalSeconds, Longest.TotalSeconds) + 1);
            span = elapsed - oldest;
            foreach (var slot in ring)
            {
                if (slot.Second < oldest || slot.Second > present)
                {
                    continue;
                }

                timed += slot.Timed;
                sum += slot.SumSeconds;
                requests += slot.Requests;
                errors += slot.Errors;
                lookups += slot.Lookups;
                hits += slot.Hits;
                peakConnections = Math.Max(peakConnections, slot.PeakConnections);
                peakQueue = Math.Max(peakQueue, slot.PeakQueue);
                if (slot.Timed > 0)
                {
                    Add(slot.Buckets!, counts);
                }
            }
        }

        return new TrafficFigures(
            span,
            requests,
            span > 0 ? requests / span : 0,
            Share(sum * 1000, timed),
            Percentile(0.50),
            Percentile(0.95),
            Percentile(0.99),
            Share(errors, requests),
            Share(hits, lookups),
            peakConnections,
            peakQueue);

        double? Percentile(double quantile) => timed > 0 ? LogBuckets.Quantile(counts, quantile) * 1000 : null;
    }

    /// <inheritdoc />
    public void Dispose() => listener.Dispose();

    private static double? Share(double part, long whole) => whole > 0 ? part / whole : null;

    private static void Add(int[] buckets, long[] counts)
    {
        for (var bucket = 0; bucket < counts.Length; bucket++)
        {
            counts[bucket] += buckets[bucket];
        }
    }

    private void Take(Instrument instrument, long value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        lock (sync)
        {
            var slot = Present();
            if (instrument == Instruments.HttpRequests)
            {
                slot.Requests += value;
                slot.Errors += Find(tags, "status") is int and >= 500 ? value : 0;
            }
            else if (instrument == Instruments.CacheLookups)
            {
                // Every look-up begins in memory; whichever level answers it has one hit.
                slot.Lookups += Find(tags, "level") is "memory" ? value : 0;
                slot.Hits += Find(tags, "result") is "hit" ? value : 0;
            }
            else if (instrument == Instruments.ActiveConnections)
            {
                slot.PeakConnections = Math.Max(slot.PeakConnections, connections += value);
            }
            else
            {
                slot.PeakQueue = Math.Max(slot.PeakQueue, queue += value);
            }
        }
    }

    private void Time(double seconds)
    {
        lock (sync)
        {
            var slot = Present();
            slot.Buckets ??= new int[LogBuckets.Count];
            slot.Buckets[LogBuckets.Of(seconds)]++;
            slot.Timed++;
            slot.SumSeconds += seconds;
        }
    }

    private TrafficSecond Present()
    {
        var second = (long)time.GetElapsedTime(start).TotalSeconds;
        var slot = ring[second % ring.Length];
        if (slot.Second != second)
        {
            slot.Begin(second, connections, queue);
        }

        return slot;
    }

    private static object? Find(ReadOnlySpan<KeyValuePair<string, object?>> tags, string name)
    {
        foreach (var tag in tags)
        {
            if (tag.Key == name)
            {
                return tag.Value;
            }
        }

        return null;
    }
}
