using System.Globalization;
using AiAssignments.Benchmarks.Load;
using AiAssignments.LoadTesting.Requests;

namespace AiAssignments.Benchmarks.Gateway;

/// <summary>Ten minutes at 80 % of the capacity that a short closed loop finds, on a mix of cached and uncached predictions and listings: no error, and no memory gained after warm-up.</summary>
public static class SoakBenchmark
{
    /// <summary>Arguments: minutes (default 10).</summary>
    public static int Run(string[] args) => RunAsync(args.Length > 0 ? double.Parse(args[0], CultureInfo.InvariantCulture) : 10).GetAwaiter().GetResult();

    private static async Task<int> RunAsync(double minutes)
    {
        var data = Directory.CreateTempSubdirectory("aia-soak-").FullName;
        try
        {
            using var gateway = await ServerProcess.StartAsync(
                "dotnet",
                port => ["exec", Path.Combine(AppContext.BaseDirectory, "AiAssignments.Local.dll"), "--data", data, "--urls", $"http://127.0.0.1:{port}", "--samples", "false"],
                "/api/health/ready").ConfigureAwait(false);
            var list = HttpRequests.Get("/api/models");
            LoadRequest Next(long ordinal) => (ordinal % 10) switch
            {
                0 => list,
                < 4 => HttpRequests.PostJson("/api/models/topic/predict", $$"""{"text":"report {{ordinal}} on markets, sport and science"}"""),
                _ => HttpRequests.PostJson("/api/models/sentiment/predict", $$"""{"text":"a film of number {{ordinal % 500}}, warm and funny"}"""),
            };
            await OfferedLoad.ClosedAsync(gateway.Address, 32, TimeSpan.FromSeconds(15), Next).ConfigureAwait(false);
            var capacity = (await OfferedLoad.ClosedAsync(gateway.Address, 32, TimeSpan.FromSeconds(15), Next).ConfigureAwait(false)).Requests.PerSecond;
            var rate = (int)(capacity * 0.8);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Capacity {capacity:N0} requests/s with 32 clients; {rate:N0} requests/s offered.\n"));
            Console.WriteLine("| minute | requests/s | p50 ms | p99 ms | failed | resident MiB |");
            Console.WriteLine("| ---: | ---: | ---: | ---: | ---: | ---: |");
            for (var minute = 1; minute <= minutes; minute++)
            {
                var offset = minute * 1_000_000_000L;
                var result = await OfferedLoad.OpenAsync(gateway.Address, 64, rate, TimeSpan.FromMinutes(1), ordinal => Next(offset + ordinal)).ConfigureAwait(false);
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {minute} | {result.Requests.PerSecond:N0} | {result.Latency?.Median:F2} | {result.Latency?.P99:F2} | {result.FailedCell()} | {gateway.ResidentMiB:F0} |"));
            }

            return 0;
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }
}
