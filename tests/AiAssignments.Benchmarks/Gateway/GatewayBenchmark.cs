using System.Globalization;
using AiAssignments.Benchmarks.Load;
using AiAssignments.LoadTesting.Reports;

namespace AiAssignments.Benchmarks.Gateway;

/// <summary>
/// The gateway's own cost: a health check and a cached prediction at 10,000 requests/s over 5,000 open connections (open model), and the closed-loop
/// throughput of the cached prediction against bare Kestrel returning a constant of the same size. Client and server share the machine.
/// </summary>
public static class GatewayBenchmark
{
    private const string Input = /*lang=json*/ "{\"text\":\"Wall Street rose as oil prices fell and the central bank kept its rates\",\"topK\":4}";

    /// <summary>Arguments: seconds a measurement (default 8), rate (default 10000), connections (default 5000).</summary>
    public static int Run(string[] args)
    {
        int Number(int index, int usual) => args.Length > index ? int.Parse(args[index], CultureInfo.InvariantCulture) : usual;
        return RunAsync(TimeSpan.FromSeconds(Number(0, 8)), Number(1, 10_000), Number(2, 5_000)).GetAwaiter().GetResult();
    }

    private static async Task<int> RunAsync(TimeSpan time, int rate, int connections)
    {
        var data = Directory.CreateTempSubdirectory("aia-gateway-").FullName;
        try
        {
            using var gateway = await ServerProcess.StartAsync(
                "dotnet",
                port => ["exec", Path.Combine(AppContext.BaseDirectory, "AiAssignments.Local.dll"), "--data", data, "--urls", $"http://127.0.0.1:{port}", "--samples", "false"],
                "/api/health/ready").ConfigureAwait(false);
            var predict = HttpRequests.PostJson("/api/models/topic/predict", Input);
            var live = HttpRequests.Get("/api/health/live");
            using var http = new HttpClient();
            using var content = new StringContent(Input, System.Text.Encoding.UTF8, "application/json");
            using var first = await http.PostAsync(new Uri($"http://{gateway.Address}/api/models/topic/predict"), content).ConfigureAwait(false);
            var size = (await first.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync().ConfigureAwait(false)).Length;
            using var bare = await ServerProcess.StartAsync(
                "dotnet", port => ["exec", typeof(GatewayBenchmark).Assembly.Location, "bare-kestrel", port.ToString(CultureInfo.InvariantCulture), size.ToString(CultureInfo.InvariantCulture)], "/").ConfigureAwait(false);
            var constant = HttpRequests.PostJson("/", Input);

            // Warm both: tiered compilation first, then what is measured, in turn.
            foreach (var (address, request) in new[] { (gateway.Address, predict), (gateway.Address, live), (bare.Address, constant) })
            {
                await OfferedLoad.ClosedAsync(address, 64, time / 2, _ => request).ConfigureAwait(false);
            }

            Console.WriteLine($"Closed loop, 64 connections, {time.TotalSeconds:F0} s each, best of three; the answer has {size} bytes.\n");
            var (ours, limit, health) = (new List<LoadReport>(), new List<LoadReport>(), new List<LoadReport>());
            for (var round = 0; round < 3; round++)
            {
                ours.Add(await OfferedLoad.ClosedAsync(gateway.Address, 64, time, _ => predict).ConfigureAwait(false));
                limit.Add(await OfferedLoad.ClosedAsync(bare.Address, 64, time, _ => constant).ConfigureAwait(false));
                health.Add(await OfferedLoad.ClosedAsync(gateway.Address, 64, time, _ => live).ConfigureAwait(false));
            }

            LoadReport Best(List<LoadReport> results) => results.MaxBy(result => result.Requests.PerSecond)!;
            Console.WriteLine(LoadRows.Header);
            Console.WriteLine(Best(ours).Row("cached prediction"));
            Console.WriteLine(Best(health).Row("GET /api/health/live"));
            Console.WriteLine(Best(limit).Row("bare Kestrel, constant of the same size"));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\nCached prediction / bare Kestrel: **{Best(ours).Requests.PerSecond / Best(limit).Requests.PerSecond:F2}** (goal 0.50)\n"));

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Open model, {connections:N0} connections, {rate:N0} requests/s offered for {time.TotalSeconds:F0} s; latency from when each was due.\n"));
            Console.WriteLine(LoadRows.Header);
            foreach (var (name, address, request) in new[] { ("GET /api/health/live", gateway.Address, live), ("cached prediction", gateway.Address, predict), ("bare Kestrel", bare.Address, constant) })
            {
                var result = await OfferedLoad.OpenAsync(address, connections, rate, time, _ => request).ConfigureAwait(false);
                Console.WriteLine(result.Row(name));
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\nResident memory of the gateway after it: {gateway.ResidentMiB:F0} MiB"));
            return 0;
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }
}
