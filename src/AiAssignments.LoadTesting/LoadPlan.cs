using AiAssignments.LoadTesting.Measuring;
using AiAssignments.LoadTesting.Requests;
using AiAssignments.LoadTesting.Targets;

namespace AiAssignments.LoadTesting;

/// <summary>A load test: what is sent where, how often, and for how long.</summary>
public sealed record LoadPlan
{
    /// <summary>Where to.</summary>
    public required LoadTarget Target { get; init; }

    /// <summary>What.</summary>
    public required IRequestSource Requests { get; init; }

    /// <summary>When.</summary>
    public required LoadModel Model { get; init; }

    /// <summary>Sent with every request, in order. Shown in no report.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>The longest time that is measured; default 30 s.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Time before it under the same load, left out of all figures; default 3 s.</summary>
    public TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Most requests after the warm-up; when they are sent, those under way are waited for and the test is over. <c>null</c>: as many as the time allows.</summary>
    public long? MostRequests { get; init; }

    /// <summary>
    /// Open model: this many connections, opened before the start. <c>null</c>: opened as they are needed, up to <see cref="ConnectionsOnDemand"/>.
    /// With HTTP/2 and gRPC it counts requests under way, <see cref="StreamsPerConnection"/> on a connection.
    /// </summary>
    public int? Connections { get; init; }

    /// <summary>Most connections that are opened as they are needed.</summary>
    public const int ConnectionsOnDemand = 1_000;

    /// <summary>HTTP/2 and gRPC: most requests under way on one connection; default 100, what servers usually allow.</summary>
    public int StreamsPerConnection { get; init; } = 100;

    /// <summary>After this a request has failed, counted from when it was due; default 30 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Largest answer that is read, bytes; default 64 MiB. A larger one is an error of the kind body.</summary>
    public long LargestBody { get; init; } = 64L << 20;

    /// <summary>Statuses that count as success; default 200 to 299.</summary>
    public Func<int, bool> Accepts { get; init; } = status => status is >= 200 and <= 299;

    /// <summary>When an estimate counts as stable and the test may end before its time; <c>null</c>: it runs to its end.</summary>
    public StabilityRule? Stability { get; init; } = StabilityRule.Default;

    /// <summary>Lateness of sending (99th percentile) from which on the generator counts as a bottleneck; default 5 ms.</summary>
    public TimeSpan LagBound { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>Whether a server's certificate need not be valid.</summary>
    public bool AnyCertificate { get; init; }

    /// <summary>WebSocket: how a message is answered.</summary>
    public WebSocketExchange WebSocket { get; init; } = new();

    /// <summary>What is never passed.</summary>
    public LoadLimits Limits { get; init; } = LoadLimits.Default;
}
