using AiAssignments.Bench.Running;
using AiAssignments.LoadTesting;
using AiAssignments.LoadTesting.Requests;
using AiAssignments.LoadTesting.Targets;

namespace AiAssignments.Bench.Steps;

/// <summary>One service under load.</summary>
internal sealed record LoadScenario
{
    /// <summary>First part of its figures' ids.</summary>
    public required string Id { get; init; }

    /// <summary>What it is, for a person.</summary>
    public required string Subject { get; init; }

    /// <summary>Where requests go.</summary>
    public required string Path { get; init; }

    public LoadProtocol Protocol { get; init; } = LoadProtocol.Http1;

    public WebSocketExchange WebSocket { get; init; } = new();

    public string? ContentType { get; init; }

    /// <summary>Makes the requests of a run; the text is one that no other run has.</summary>
    public required Func<BenchContext, string, IRequestSource> Requests { get; init; }

    /// <summary>Closed model: users for the throughput.</summary>
    public required int Users { get; init; }

    /// <summary>Open model: the rate that is wished for, requests a second. Half of the throughput where that is less.</summary>
    public required double Rate { get; init; }

    /// <summary>Open model: the connections that are wished for.</summary>
    public required int Connections { get; init; }

    /// <summary>Whether its throughput is a figure of the table.</summary>
    public bool HasThroughput { get; init; } = true;

    /// <summary>Most requests of a run after its warm-up; <c>null</c>: as many as its time allows.</summary>
    public int? MostRequests { get; init; }

    /// <summary>Makes what it needs, once, and says what a reader has to know of it, in a sentence; <c>null</c>: nothing.</summary>
    public Func<BenchContext, CancellationToken, Task<string>>? Prepare { get; init; }

    /// <summary>Takes away what a run left; <c>null</c>: it leaves nothing.</summary>
    public Func<BenchContext, CancellationToken, Task>? Clean { get; init; }
}
