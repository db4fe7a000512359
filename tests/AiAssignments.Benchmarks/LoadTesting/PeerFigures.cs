using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace AiAssignments.Benchmarks.LoadTesting;

/// <summary>What one load generator, in a process of its own, says about a run. Times in milliseconds.</summary>
internal sealed partial record PeerFigures(double PerSecond, double P50, double P99, long Failed, string Note = "")
{
    /// <summary><c>aia loadtest</c>; its service time, which is what the others measure, stands beside its latency.</summary>
    public static PeerFigures Ours(params string[] arguments)
    {
        var output = Run("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "aia.dll"), "loadtest", .. arguments, "--json"]);
        using var document = JsonDocument.Parse(output);
        var root = document.RootElement;
        var (latency, generator) = (root.GetProperty("latency"), root.GetProperty("generator"));
        return new(
            root.GetProperty("requests").GetProperty("perSecond").GetDouble(),
            latency.GetProperty("median").GetDouble(),
            latency.GetProperty("p99").GetDouble(),
            root.GetProperty("requests").GetProperty("failed").GetInt64(),
            string.Create(CultureInfo.InvariantCulture, $"service p50 {root.GetProperty("service").GetProperty("median").GetDouble():F2}, p99 {root.GetProperty("service").GetProperty("p99").GetDouble():F2}; lag p50 {generator.GetProperty("lagP50").GetDouble():F2}, p99 {generator.GetProperty("lagP99").GetDouble():F2}; processors {generator.GetProperty("processor").GetDouble() * 100:F0} %; bottleneck {(generator.GetProperty("bottleneck").GetBoolean() ? "yes" : "no")}"));
    }

    /// <summary><c>wrk</c>, two threads.</summary>
    public static PeerFigures Wrk(Uri url, int connections, int seconds)
    {
        var output = Run("wrk", ["-t2", Invariant($"-c{connections}"), Invariant($"-d{seconds}s"), "--latency", url.AbsoluteUri]);
        return new(Number(RequestsPerSecond().Match(output)), Milliseconds(WrkMedian().Match(output)), Milliseconds(WrkHigh().Match(output)), output.Contains("Non-2xx", StringComparison.Ordinal) || output.Contains("Socket errors", StringComparison.Ordinal) ? 1 : 0);
    }

    /// <summary><c>hey</c>; with a rate, each of its workers sends its share of it.</summary>
    public static PeerFigures Hey(Uri url, int connections, int seconds, int? rate = null)
    {
        string[] limit = rate is { } perSecond ? ["-q", Invariant($"{perSecond / connections}")] : [];
        var output = Run("hey", ["-c", Invariant($"{connections}"), "-z", Invariant($"{seconds}s"), .. limit, url.AbsoluteUri]);
        return new(Number(RequestsPerSecond().Match(output)), Number(HeyMedian().Match(output)) * 1000, Number(HeyHigh().Match(output)) * 1000, output.Contains("Error distribution", StringComparison.Ordinal) ? 1 : 0);
    }

    /// <summary>The run of the median throughput.</summary>
    public static PeerFigures Median(IEnumerable<PeerFigures> runs)
    {
        var sorted = runs.OrderBy(run => run.PerSecond).ToList();
        return sorted[sorted.Count / 2];
    }

    private static string Run(string file, IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{file} ended with {process.ExitCode}.");
    }

    private static double Number(Match match) => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);

    private static double Milliseconds(Match match) => Number(match) * match.Groups[2].Value switch { "us" => 0.001, "ms" => 1, _ => 1000 };

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    [GeneratedRegex(@"Requests/sec:\s*([0-9.]+)")]
    private static partial Regex RequestsPerSecond();

    [GeneratedRegex(@"50%\s+([0-9.]+)(us|ms|s)")]
    private static partial Regex WrkMedian();

    [GeneratedRegex(@"99%\s+([0-9.]+)(us|ms|s)")]
    private static partial Regex WrkHigh();

    [GeneratedRegex(@"50%+ in ([0-9.]+) secs")]
    private static partial Regex HeyMedian();

    [GeneratedRegex(@"99%+ in ([0-9.]+) secs")]
    private static partial Regex HeyHigh();
}
