using System.Globalization;
using AiAssignments.LoadTesting;
using AiAssignments.LoadTesting.Measuring;
using Spectre.Console;

namespace AiAssignments.Terminal;

/// <summary>Shows how a load test goes: figures that move on a terminal, a line every five seconds in a pipe.</summary>
/// <param name="console">Where to.</param>
/// <param name="quiet">Whether nothing is shown.</param>
public sealed class LoadView(IAnsiConsole console, bool quiet = false) : ILoadObserver
{
    private const int LinesEvery = 5;
    private const int SparkSeconds = 48;
    private const string Sparks = "▁▂▃▄▅▆▇█";

    private readonly LivePicture picture = new(console, quiet);
    private readonly Lock gate = new();
    private readonly Queue<long> rates = new();
    private LoadProgress? latest;
    private int told = -1;
    private int drawn = -1;

    /// <summary>A line for a person, at once.</summary>
    /// <param name="text">The line.</param>
    public void Say(string text) => picture.Say(SafeText.Of(text, 1000));

    /// <inheritdoc />
    public void OnProgress(LoadProgress progress)
    {
        ArgumentNullException.ThrowIfNull(progress);
        lock (gate)
        {
            latest = progress;
            if (progress.Last is not { } second || second.Second == drawn)
            {
                return;
            }

            if (second.Second < drawn)
            {
                // Another run has begun.
                rates.Clear();
                told = -1;
            }

            drawn = second.Second;
            rates.Enqueue(second.Requests);
            while (rates.Count > SparkSeconds)
            {
                rates.Dequeue();
            }

            if (!picture.IsShown && (second.Second + 1) / LinesEvery > told)
            {
                told = (second.Second + 1) / LinesEvery;
                picture.Say(Line(progress, second));
            }
        }
    }

    /// <summary>Runs the work and shows how it goes, until it ends.</summary>
    /// <param name="work">The work; its failure comes out of this call.</param>
    public Task RunAsync(Func<Task> work) => picture.RunAsync(work, Rows);

    private static string Line(LoadProgress progress, SecondPoint second) => string.Create(
        CultureInfo.InvariantCulture,
        $"{progress.Phase} {progress.Elapsed.TotalSeconds:F0} s: {second.Requests:N0} requests/s, p50 {Time(second.P50)}, p99 {Time(second.P99)}, {progress.Requests:N0} requests, {progress.Failed:N0} failed, {second.InFlight:N0} in flight");

    private static string Time(double? milliseconds) => milliseconds is { } value ? LoadTable.Time(value) : "none";

    private List<(string Name, string Value)> Rows()
    {
        lock (gate)
        {
            if (latest is not { } progress)
            {
                return [("connecting", string.Empty)];
            }

            var share = progress.Most > TimeSpan.Zero ? progress.Elapsed / progress.Most : 1;
            List<(string, string)> rows = [(progress.Phase, string.Create(CultureInfo.InvariantCulture, $"{LivePicture.Bar(share)} {progress.Elapsed.TotalSeconds:F0} of {progress.Most.TotalSeconds:F0} s"))];
            if (progress.Last is { } second)
            {
                rows.AddRange(
                [
                    ("requests/s", $"{Estimates.Count(second.Requests),-9} {Spark()}"),
                    ("latency", $"p50 {Time(second.P50)}   p90 {Time(second.P90)}   p99 {Time(second.P99)}   max {Time(second.Max)}"),
                    ("service", $"p50 {Time(second.ServiceP50)}   p99 {Time(second.ServiceP99)}"),
                    ("under way", $"{Estimates.Count(second.InFlight)} in flight, {Estimates.Count(second.Waiting)} waiting for a connection"),
                    ("generator", string.Create(CultureInfo.InvariantCulture, $"lag p99 {Time(second.LagP99)}, {second.Processor * 100:F0} % of the processors")),
                ]);
            }

            rows.Add(("so far", $"{Estimates.Count(progress.Requests)} requests, {Estimates.Count(progress.Failed)} failed{(progress.Latency is { } latency ? $", p99 {LoadTable.Time(latency.P99)}" : string.Empty)}"));
            return rows;
        }
    }

    private string Spark()
    {
        var most = Math.Max(1, rates.DefaultIfEmpty(0).Max());
        return string.Concat(rates.Select(rate => Sparks[(int)(rate * (Sparks.Length - 1) / most)]));
    }
}
