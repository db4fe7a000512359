using System.Globalization;
using AiAssignments.Benchmarks.Load;

namespace AiAssignments.Benchmarks.LoadTesting;

/// <summary>
/// The load tester beside <c>wrk</c> and <c>hey</c> on the same server, in turns. First where none of them is short of processor time (a server that answers after 20 ms),
/// so that all three must find the same; then throughput in a closed loop, latency at the same rate, 20,000 requests a second, and the ceiling of each against a server
/// that does nothing. Server and generator share the machine.
/// </summary>
public static class LoadTestBenchmark
{
    private const int Size = 337;
    private const int Users = 64;
    private const int Rate = 5_000;
    private const int RateUsers = 50;
    private const int Delay = 20;

    /// <summary>Arguments: seconds a run (default 6), rounds (default 3).</summary>
    public static int Run(string[] args)
    {
        int Number(int index, int usual) => args.Length > index ? int.Parse(args[index], CultureInfo.InvariantCulture) : usual;
        return RunAsync(Number(0, 6), Number(1, 3)).GetAwaiter().GetResult();
    }

    private static async Task<int> RunAsync(int seconds, int rounds)
    {
        using var kestrel = await StartAsync("bare-kestrel").ConfigureAwait(false);
        using var raw = await StartAsync("raw-responder").ConfigureAwait(false);
        using var slow = await StartAsync("bare-kestrel", Delay).ConfigureAwait(false);
        Uri Url(ServerProcess server) => new($"http://{server.Address}/");
        string[] time = ["--duration", Invariant($"{seconds}s"), "--warm-up", "2s", "--full"];
        PeerFigures Closed(ServerProcess server, int users = Users) => PeerFigures.Ours([Url(server).AbsoluteUri, "--users", Invariant($"{users}"), .. time]);
        PeerFigures Open(ServerProcess server, int rate, int connections) => PeerFigures.Ours([Url(server).AbsoluteUri, "--rate", Invariant($"{rate}"), "--connections", Invariant($"{connections}"), .. time]);

        // The servers' tiered compilation comes first.
        PeerFigures.Wrk(Url(kestrel), Users, 3);
        PeerFigures.Wrk(Url(raw), Users, 3);

        PeerFigures.Wrk(Url(slow), RateUsers, 3);

        Table(
            Invariant($"## Agreement: a server that answers after {Delay} ms, closed loop, {RateUsers} connections"),
            rounds,
            ("aia loadtest", () => Closed(slow, RateUsers)),
            ("wrk -t2", () => PeerFigures.Wrk(Url(slow), RateUsers, seconds)),
            ("hey", () => PeerFigures.Hey(Url(slow), RateUsers, seconds)));
        Table(
            Invariant($"## Throughput, bare Kestrel: closed loop, {Users} connections"),
            rounds,
            ("aia loadtest", () => Closed(kestrel)),
            ("wrk -t2", () => PeerFigures.Wrk(Url(kestrel), Users, seconds)),
            ("hey", () => PeerFigures.Hey(Url(kestrel), Users, seconds)));
        Table(
            Invariant($"## Latency at {Rate:N0} requests/s, bare Kestrel: {RateUsers} connections"),
            rounds,
            ("aia loadtest (open)", () => Open(kestrel, Rate, RateUsers)),
            ("hey -q", () => PeerFigures.Hey(Url(kestrel), RateUsers, seconds, Rate)));
        Table(
            "## 20,000 requests/s offered",
            1,
            ("bare Kestrel", () => Open(kestrel, 20_000, Users)),
            ("raw responder", () => Open(raw, 20_000, Users)));
        Table(
            Invariant($"## The generator's ceiling: raw responder, closed loop, {Users} connections"),
            1,
            ("aia loadtest", () => Closed(raw)),
            ("wrk -t2", () => PeerFigures.Wrk(Url(raw), Users, seconds)),
            ("hey", () => PeerFigures.Hey(Url(raw), Users, seconds)));
        return 0;
    }

    private static Task<ServerProcess> StartAsync(string name, int delay = 0) => ServerProcess.StartAsync(
        "dotnet", port => ["exec", typeof(LoadTestBenchmark).Assembly.Location, name, Invariant($"{port}"), Invariant($"{Size}"), Invariant($"{delay}")], "/");

    // In turns, so that what else the machine does falls on all alike; of each the run of the median throughput.
    private static void Table(string title, int rounds, params (string Name, Func<PeerFigures> Run)[] contenders)
    {
        var runs = contenders.ToDictionary(contender => contender.Name, _ => new List<PeerFigures>());
        for (var round = 0; round < rounds; round++)
        {
            foreach (var (name, run) in contenders)
            {
                runs[name].Add(run());
            }
        }

        Console.WriteLine($"{title}\n\n| | requests/s | spread | p50 ms | spread | p99 ms | spread | failed | |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |");
        foreach (var (name, _) in contenders)
        {
            var (all, median) = (runs[name], PeerFigures.Median(runs[name]));
            Console.WriteLine(Invariant($"| {name} | {median.PerSecond:N0} | {all.Min(run => run.PerSecond):N0} to {all.Max(run => run.PerSecond):N0} | {median.P50:F2} | {all.Min(run => run.P50):F2} to {all.Max(run => run.P50):F2} | {median.P99:F2} | {all.Min(run => run.P99):F2} to {all.Max(run => run.P99):F2} | {median.Failed} | {median.Note} |"));
        }

        Console.WriteLine();
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
