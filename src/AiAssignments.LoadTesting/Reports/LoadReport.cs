using AiAssignments.LoadTesting.Assertions;
using AiAssignments.LoadTesting.Capacity;
using AiAssignments.LoadTesting.Measuring;

namespace AiAssignments.LoadTesting.Reports;

/// <summary>What a load test found.</summary>
public sealed record LoadReport
{
    /// <summary>Version of the shape of this document.</summary>
    public string Schema { get; init; } = "1.0";

    /// <summary>Version of the program that wrote it.</summary>
    public required string Product { get; init; }

    /// <summary>When the measured time began, UTC.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Seconds measured: requests were sent during them; the warm-up is not in them.</summary>
    public required double Seconds { get; init; }

    /// <summary>Why it ended: <c>time</c>, <c>stable</c> (the estimates were sure enough), <c>schedule</c> (no more arrivals) or <c>interrupted</c>.</summary>
    public required string Ended { get; init; }

    /// <summary>Where the load went and how it was made.</summary>
    public required LoadSettings Load { get; init; }

    /// <summary>Requests, throughput, bytes.</summary>
    public required RequestFigures Requests { get; init; }

    /// <summary>From when a request should have been sent to the end of its answer. In the closed model without think time that is when its user was free.</summary>
    public required LatencyFigures? Latency { get; init; }

    /// <summary>From when a request was sent to the end of its answer: what a tool that waits for the server would report.</summary>
    public required LatencyFigures? Service { get; init; }

    /// <summary>Failed requests by kind.</summary>
    public required ErrorCounts Errors { get; init; }

    /// <summary>Answers by status; gRPC's are written <c>grpc 0</c> to <c>grpc 16</c>.</summary>
    public required IReadOnlyDictionary<string, long> Statuses { get; init; }

    /// <summary>What failed requests said, with how often; the first ten different ones.</summary>
    public required IReadOnlyDictionary<string, long> Messages { get; init; }

    /// <summary>How sure the estimates are.</summary>
    public required StabilityFigures Stability { get; init; }

    /// <summary>The load generator itself, and whether it was the bottleneck.</summary>
    public required GeneratorFigures Generator { get; init; }

    /// <summary>The conditions asked for, and whether they held.</summary>
    public IReadOnlyList<AssertionOutcome> Assertions { get; init; } = [];

    /// <summary>The search for the highest rate that meets an objective; <c>null</c>: none was asked for. The other figures are those of its last confirmed run.</summary>
    public CapacityResult? Capacity { get; init; }

    /// <summary>The measured time, second by second.</summary>
    public required IReadOnlyList<SecondPoint> Series { get; init; }
}
