using AiAssignments.LoadTesting.Transports;

namespace AiAssignments.LoadTesting.Measuring;

/// <summary>What some requests came to. Not thread-safe.</summary>
internal sealed class Tally
{
    private readonly long[] failures = new long[Enum.GetValues<FailureKind>().Length];
    private readonly SortedDictionary<int, long> statuses = [];

    public Distribution Latency { get; } = new();

    public Distribution Service { get; } = new();

    public Distribution Lag { get; } = new();

    public long Requests { get; private set; }

    public long Failed => Requests - failures[(int)FailureKind.None];

    /// <summary>Open model: requests that were due.</summary>
    public long Offered { get; private set; }

    /// <summary>Requests of the warm-up that were answered well after it: no figure but the throughput knows them, which would else miss what was under way at its start.</summary>
    public long Carried { get; private set; }

    public long BytesSent { get; private set; }

    public long BytesReceived { get; private set; }

    public IReadOnlyDictionary<int, long> Statuses => statuses;

    public ErrorCounts Errors => ErrorCounts.Of(failures);

    public void Add(in Sample sample)
    {
        Requests++;
        failures[(int)sample.Reply.Failure]++;
        BytesSent += sample.Reply.BytesSent;
        BytesReceived += sample.Reply.BytesReceived;
        if (sample.Reply.Status != 0 || sample.Reply.Failure == FailureKind.None)
        {
            statuses[sample.Reply.Status] = statuses.GetValueOrDefault(sample.Reply.Status) + 1;
        }

        Lag.Add(sample.Lag);
        if (sample.HasTimes)
        {
            Latency.Add(sample.Latency);
            Service.Add(sample.Service);
        }
    }

    public void Carry() => Carried++;

    public void Offer() => Offered++;

    public void Add(Tally other)
    {
        Requests += other.Requests;
        Offered += other.Offered;
        Carried += other.Carried;
        BytesSent += other.BytesSent;
        BytesReceived += other.BytesReceived;
        for (var kind = 0; kind < failures.Length; kind++)
        {
            failures[kind] += other.failures[kind];
        }

        foreach (var (status, count) in other.statuses)
        {
            statuses[status] = statuses.GetValueOrDefault(status) + count;
        }

        Latency.Add(other.Latency);
        Service.Add(other.Service);
        Lag.Add(other.Lag);
    }

    public void Reset()
    {
        Requests = Offered = Carried = BytesSent = BytesReceived = 0;
        Array.Clear(failures);
        statuses.Clear();
        Latency.Reset();
        Service.Reset();
        Lag.Reset();
    }
}
