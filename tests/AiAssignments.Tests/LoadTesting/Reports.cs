using AiAssignments.LoadTesting.Assertions;
using AiAssignments.LoadTesting.Capacity;
using AiAssignments.LoadTesting.Measuring;
using AiAssignments.LoadTesting.Reports;

namespace AiAssignments.Tests.LoadTesting;

/// <summary>Reports made by hand.</summary>
internal static class Reports
{
    public static LoadReport Of(double p99 = 12.5, double perSecond = 1_000, long total = 10_000, long failed = 3) => new()
    {
        Product = "0.1.0",
        StartedAt = new DateTimeOffset(2026, 3, 1, 9, 30, 0, TimeSpan.Zero),
        Seconds = 10,
        Ended = "stable",
        Load = new LoadSettings("http://127.0.0.1:7071/api/<models>", "127.0.0.1:7071", "http1", "open", null, null, "poisson", 1_000, 3, 30, 30),
        Requests = new RequestFigures(total, total - failed, failed, total == 0 ? null : 1 - ((double)failed / total), perSecond, total / 10.0, 500_000, 3_370_000, 337_000),
        Latency = total == 0 ? null : new LatencyFigures(total, 4.2, 3.9, 0.8, 40, 8, 10, p99, 30),
        Service = total == 0 ? null : new LatencyFigures(total, 3.2, 2.9, 0.7, 35, 7, 9, p99 / 2, 25),
        Errors = new ErrorCounts(1, 0, failed - 1, 0, 0),
        Statuses = new Dictionary<string, long> { ["200"] = total - failed, ["503"] = 1 },
        Messages = new Dictionary<string, long> { ["<script>alert(1)</script>"] = 2 },
        Stability = new StabilityFigures(true, 10, 1, 0.021, 0.045),
        Generator = new GeneratorFigures(false, 0.03, 0.4, 2.5, 5, 0.2, 0.23, 2, true, 64, 17, ["The target runs on this machine."]),
        Assertions = [new AssertionOutcome("p99>10ms", true, "12.5ms"), new AssertionOutcome("errors>1%", false, "0.03%")],
        Series = [.. Enumerable.Range(0, 10).Select(second => new SecondPoint(second, 1_000, 1_000, second == 5 ? 3 : 0, second == 7 ? null : 3.9, 8, 12 + second, 40, 2.9, 6, 4, second, 337_000, 0.4, 0.23))],
    };

    public static LoadReport WithCapacity() => Of() with
    {
        Capacity = new CapacityResult("p99<50ms", 1_200, "found", "1,200 requests a second meet p99<50ms.", [new("doubling", 1_000, true, "p99 12ms", 1_000, 12, 1, false), new("bisection", 1_500, false, "p99 80ms", 1_400, 80, 1, true)]),
    };

    public static LoadReport Empty() => Of(total: 0, failed: 0, perSecond: 0) with { Series = [], Errors = new ErrorCounts(0, 0, 0, 0, 0), Messages = new Dictionary<string, long>(), Statuses = new Dictionary<string, long>() };
}
