using System.Globalization;
using AiAssignments.LoadTesting;
using AiAssignments.LoadTesting.Measuring;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace AiAssignments.Terminal;

/// <summary>Shows how a load test goes: figures that move on a terminal, a line every five seconds in a pipe.</summary>
/// <param name="console">Where to.</param>
public sealed class LoadView(IAnsiConsole console) : ILoadObserver
{
    private const int LinesEvery = 5;
    private const int BarWidth = 32;
    private const int SparkSeconds = 48;
    private const string Sparks = "▁▂▃▄▅▆▇█";

    private readonly Lock gate = new();
    private readonly Queue<long> rates = new();
    private LoadProgress? latest;
    private int told = -1;
    private int drawn = -1;

    /// <summary>Whether nothing is shown.</summary>
    public bool Quiet { get; init; }

    private bool IsLive => !Quiet && console.Profile.Out.IsTerminal;

    /// <summary>A line for a person, at once.</summary>
    /// <param name="text">The line.</param>
    public void Say(string text)
    {
        if (!Quiet)
        {
            console.Profile.Out.Writer.WriteLine(SafeText.Of(text, 1000));
        }
    }

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

            if (!Quiet && !IsLive && (second.Second + 1) / LinesEvery > told)
            {
                told = (second.Second + 1) / LinesEvery;
                console.Profile.Out.Writer.WriteLine(Line(progress, second));
            }
        }
    }

    /// <summary>Runs the work and shows how it goes, until it ends.</summary>
    /// <param name="work">The work; its failure comes out of this call.</param>
    public async Task RunAsync(Func<Task> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        if (!IsLive)
        {
            await work().ConfigureAwait(false);
            return;
        }

        var running = Task.Run(work);
        await console.Live(new Text("connecting")).AutoClear(true).StartAsync(async context =>
        {
            while (!running.IsCompleted)
            {
                context.UpdateTarget(Picture());
                context.Refresh();
                await Task.WhenAny(running, Task.Delay(250)).ConfigureAwait(false);
            }
        }).ConfigureAwait(false);
        await running.ConfigureAwait(false);
    }

    private static string Line(LoadProgress progress, SecondPoint second) => string.Create(
        CultureInfo.InvariantCulture,
        $"{progress.Phase} {progress.Elapsed.TotalSeconds:F0} s: {second.Requests:N0} requests/s, p50 {Time(second.P50)}, p99 {Time(second.P99)}, {progress.Requests:N0} requests, {progress.Failed:N0} failed, {second.InFlight:N0} in flight");

    private static string Time(double? milliseconds) => milliseconds is { } value ? LoadTable.Time(value) : "none";

    private Grid Picture()
    {
        lock (gate)
        {
            var grid = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(3)).AddColumn(new GridColumn().NoWrap());
            if (latest is not { } progress)
            {
                return grid.AddRow(new Text("connecting"), Text.Empty);
            }

            var share = progress.Most > TimeSpan.Zero ? Math.Clamp(progress.Elapsed / progress.Most, 0, 1) : 1;
            var full = (int)Math.Round(share * BarWidth);
            Row(progress.Phase, string.Create(CultureInfo.InvariantCulture, $"{new string('━', full)}{new string('─', BarWidth - full)} {progress.Elapsed.TotalSeconds:F0} of {progress.Most.TotalSeconds:F0} s"));
            if (progress.Last is { } second)
            {
                Row("requests/s", $"{Estimates.Count(second.Requests),-9} {Spark()}");
                Row("latency", $"p50 {Time(second.P50)}   p90 {Time(second.P90)}   p99 {Time(second.P99)}   max {Time(second.Max)}");
                Row("service", $"p50 {Time(second.ServiceP50)}   p99 {Time(second.ServiceP99)}");
                Row("under way", $"{Estimates.Count(second.InFlight)} in flight, {Estimates.Count(second.Waiting)} waiting for a connection");
                Row("generator", string.Create(CultureInfo.InvariantCulture, $"lag p99 {Time(second.LagP99)}, {second.Processor * 100:F0} % of the processors"));
            }

            Row("so far", $"{Estimates.Count(progress.Requests)} requests, {Estimates.Count(progress.Failed)} failed{(progress.Latency is { } latency ? $", p99 {LoadTable.Time(latency.P99)}" : string.Empty)}");
            return grid;

            void Row(string name, string value) => grid.AddRow((IRenderable)new Text(name, new Style(Color.Grey)), new Text(value));
        }
    }

    private string Spark()
    {
        var most = Math.Max(1, rates.DefaultIfEmpty(0).Max());
        return string.Concat(rates.Select(rate => Sparks[(int)(rate * (Sparks.Length - 1) / most)]));
    }
}
