using AiAssignments.Core.Telemetry;
using AiAssignments.Pipeline.Operations.Traffic;
using Microsoft.Extensions.Time.Testing;

namespace AiAssignments.Tests.Operations;

/// <summary>Tests of what the process-wide instruments record run one after the other, and nothing else may answer requests meanwhile.</summary>
[CollectionDefinition("Instruments", DisableParallelization = true)]
public sealed class InstrumentsCollection;

[Collection("Instruments")]
public sealed class TrafficMeterTests : IDisposable
{
    private readonly FakeTimeProvider time = new();
    private readonly TrafficMeter meter;

    public TrafficMeterTests() => meter = new TrafficMeter(time);

    [Fact]
    public void Windows_hold_what_happened_in_them()
    {
        Request(0.100, 500);
        time.Advance(TimeSpan.FromMinutes(4));
        for (var request = 0; request < 60; request++)
        {
            Request(0.010, 200);
            time.Advance(TimeSpan.FromSeconds(1));
        }

        var minute = meter.Over(TimeSpan.FromMinutes(1));
        Assert.Equal(59, minute.Requests);
        Assert.Equal(59, minute.Seconds, 9);
        Assert.Equal(1, minute.RequestsPerSecond, 9);
        Assert.Equal(10, minute.AverageMs!.Value, 9);
        Assert.InRange(minute.P99Ms!.Value, 9.84, 10.16);
        Assert.Equal(0, minute.ErrorRate);

        var five = meter.Over(TimeSpan.FromMinutes(5));
        Assert.Equal(60, five.Requests);

        var fifteen = meter.Over(TimeSpan.FromMinutes(15));
        Assert.Equal(61, fifteen.Requests);
        Assert.Equal(1 / 61.0, fifteen.ErrorRate!.Value, 9);
        Assert.Equal(300, fifteen.Seconds, 9);
        Assert.InRange(fifteen.P50Ms!.Value, 9.84, 10.16);
        Assert.InRange(fifteen.P99Ms!.Value, 98.4, 101.6);

        time.Advance(TimeSpan.FromMinutes(20));
        var later = meter.Over(TimeSpan.FromMinutes(15));
        Assert.Equal(0, later.Requests);
        Assert.Null(later.P50Ms);
        Assert.Null(later.ErrorRate);
    }

    [Fact]
    public void Places_of_the_ring_are_used_again()
    {
        for (var second = 0; second < 2000; second++)
        {
            Request(0.001, 200);
            time.Advance(TimeSpan.FromSeconds(1));
        }

        // 899 whole seconds and the present one, in which nothing came yet.
        Assert.Equal(899, meter.Over(TimeSpan.FromMinutes(15)).Requests);
    }

    [Fact]
    public void Levels_have_their_peaks_and_caches_their_hit_rate()
    {
        Instruments.ActiveConnections.Add(3, new KeyValuePair<string, object?>("kind", "http"));
        Instruments.QueueLength.Add(8, new KeyValuePair<string, object?>("model", "m"));
        time.Advance(TimeSpan.FromSeconds(2));
        Instruments.ActiveConnections.Add(-2, new KeyValuePair<string, object?>("kind", "http"));
        Instruments.QueueLength.Add(-8, new KeyValuePair<string, object?>("model", "m"));
        Assert.Equal((1, 0), (meter.Connections, meter.QueueLength));
        var figures = meter.Over(TimeSpan.FromMinutes(1));
        Assert.Equal((3, 8), (figures.PeakConnections, figures.PeakQueueLength));
        Instruments.ActiveConnections.Add(-1, new KeyValuePair<string, object?>("kind", "http"));

        Assert.Null(figures.CacheHitRate);
        Lookup("memory", "miss");
        Lookup("redis", "hit");
        Lookup("memory", "miss");
        Lookup("redis", "miss");
        Lookup("memory", "hit");
        Lookup("memory", "miss");
        Assert.Equal(0.5, meter.Over(TimeSpan.FromMinutes(1)).CacheHitRate);
    }

    public void Dispose() => meter.Dispose();

    private static void Request(double seconds, int status)
    {
        Instruments.HttpRequests.Add(1, new("method", "GET"), new("endpoint", "/x"), new KeyValuePair<string, object?>("status", status));
        Instruments.HttpRequestDuration.Record(seconds, new("method", "GET"), new KeyValuePair<string, object?>("endpoint", "/x"));
    }

    private static void Lookup(string level, string result) =>
        Instruments.CacheLookups.Add(1, new("cache", "predictions"), new("level", level), new KeyValuePair<string, object?>("result", result));
}
