using System.Text;
using AiAssignments.Bench.Table;
using AiAssignments.Evaluation.Results;

namespace AiAssignments.Tests.Bench;

/// <summary>Tables made by hand.</summary>
internal static class BenchSamples
{
    public static BenchRow Row(string id, BenchSection section, string subject, string name, string unit, BenchDirection better, double? target, params double[] rounds) =>
        new() { Figure = new BenchFigure(id, section, subject, name, unit, better), Rounds = rounds, Target = target };

    public static BenchRow Time(string id, params double[] rounds) => Row(id, BenchSection.ResponseTimes, "Gateway", id, "ms", BenchDirection.Lower, null, rounds);

    public static BenchRow Rate(string id, params double[] rounds) => Row(id, BenchSection.Throughput, "Gateway", id, "/s", BenchDirection.Higher, null, rounds);

    public static BenchTable Table(params BenchRow[] rows) => new()
    {
        StartedAt = new DateTimeOffset(2026, 3, 1, 9, 30, 0, TimeSpan.Zero),
        Seconds = 240,
        Installation = "private",
        Quick = false,
        Rounds = 3,
        Machine = new MachineFacts("Test CPU", 2, "AVX2", 8_000_000_000, "Linux", ".NET 10", "1.2.3", "CPU", "on", "0.1.0"),
        Rows = rows,
        Loads = new Dictionary<string, BenchLoad> { ["gateway"] = new(5_000, 1_000) },
        Notes = ["A note <of> *mine*."],
    };

    public static BenchTable Full() => Table(
        Row("gateway.average", BenchSection.ResponseTimes, "Gateway", "average", "ms", BenchDirection.Lower, 5, 1.2, 1.0, 1.4),
        Row("gateway.p99", BenchSection.ResponseTimes, "Gateway", "p99", "ms", BenchDirection.Lower, 25, 40, 50, 30),
        Row("websocket.average", BenchSection.ResponseTimes, "WebSocket", "average", "ms", BenchDirection.Lower, null, 0.3),
        Row("gateway.requests-per-second", BenchSection.Throughput, "Gateway", "requests/s", "/s", BenchDirection.Higher, 10_000, 12_000, 11_000, 13_000),
        Row("quality.topic@1.a<b>.accuracy", BenchSection.Quality, "topic@1 on a<b>|c", "accuracy", "share", BenchDirection.Higher, null, 0.917));

    public static byte[] Json(BenchTable table)
    {
        using var stream = new MemoryStream();
        BenchTableFile.WriteAsync(table, stream).GetAwaiter().GetResult();
        return stream.ToArray();
    }

    public static string Text(BenchTable table) => Encoding.UTF8.GetString(Json(table));
}
