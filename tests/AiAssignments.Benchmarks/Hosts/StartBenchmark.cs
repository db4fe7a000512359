using System.Diagnostics;
using System.Globalization;

namespace AiAssignments.Benchmarks.Hosts;

/// <summary>From the start of the local host's process to its first answer on <c>/api/health/live</c>, against the limit of 1.5 s.</summary>
public static class StartBenchmark
{
    private const double LimitSeconds = 1.5;

    /// <summary>Arguments: runs (default 7).</summary>
    public static int Run(string[] args)
    {
        var runs = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 7;
        var host = Path.Combine(AppContext.BaseDirectory, "AiAssignments.Local.dll");
        var data = Directory.CreateTempSubdirectory("aia-start-").FullName;
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(30) };
        var seconds = new List<double>();
        try
        {
            for (var run = 0; run <= runs; run++)
            {
                var taken = Start(host, Path.Combine(data, run == 0 ? "warm-up" : "data"), http);
                if (run > 0)
                {
                    seconds.Add(taken);
                }
            }
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }

        seconds.Sort();
        Console.WriteLine("| runs | fastest | median | slowest | limit | median / limit |");
        Console.WriteLine("| ---: | ---: | ---: | ---: | ---: | ---: |");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {runs} | {seconds[0]:F2} s | {seconds[runs / 2]:F2} s | {seconds[^1]:F2} s | {LimitSeconds} s | {seconds[runs / 2] / LimitSeconds:F2} |"));
        return 0;
    }

    private static double Start(string host, string data, HttpClient http)
    {
        const string Url = "http://127.0.0.1:17071";
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        foreach (var argument in new[] { "exec", host, "--data", data, "--urls", Url, "--samples", "false" })
        {
            start.ArgumentList.Add(argument);
        }

        var watch = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        try
        {
            while (true)
            {
                try
                {
                    using var answer = http.GetAsync(new Uri(Url + "/api/health/live")).GetAwaiter().GetResult();
                    return watch.Elapsed.TotalSeconds;
                }
                catch (HttpRequestException) when (!process.HasExited && watch.Elapsed < TimeSpan.FromSeconds(30))
                {
                    Thread.Sleep(5);
                }
            }
        }
        finally
        {
            process.Kill();
            process.WaitForExit();
        }
    }
}
