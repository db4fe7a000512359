using System.Diagnostics;
using System.Globalization;
using AiAssignments.Bench.Running;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace AiAssignments.Terminal;

/// <summary>Shows how a bench goes: a bar that moves on a terminal, a line a step in a pipe.</summary>
/// <param name="console">Where to.</param>
public sealed class BenchView(IAnsiConsole console) : IBenchObserver
{
    private const int BarWidth = 32;

    private readonly long start = Stopwatch.GetTimestamp();
    private volatile BenchProgress? latest;

    /// <summary>Whether nothing is shown.</summary>
    public bool Quiet { get; init; }

    private bool IsLive => !Quiet && console.Profile.Out.IsTerminal;

    /// <inheritdoc />
    public void OnStep(BenchProgress progress)
    {
        ArgumentNullException.ThrowIfNull(progress);
        latest = progress;
        if (!Quiet && !IsLive)
        {
            console.Profile.Out.Writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(start).TotalSeconds,4:F0} s  {(progress.Round > 0 ? $"round {progress.Round} of {progress.Rounds}: " : string.Empty)}{SafeText.Of(progress.Step, 120)}"));
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
        await console.Live(new Text("starting")).AutoClear(true).StartAsync(async context =>
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

    private Grid Picture()
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(3)).AddColumn(new GridColumn().NoWrap());
        if (latest is not { } progress)
        {
            return grid.AddRow(new Text("starting"), Text.Empty);
        }

        var share = progress.Steps > 0 ? Math.Clamp((double)progress.Done / progress.Steps, 0, 1) : 0;
        var full = (int)Math.Round(share * BarWidth);
        var elapsed = Stopwatch.GetElapsedTime(start);
        Row("bench", string.Create(CultureInfo.InvariantCulture, $"{new string('━', full)}{new string('─', BarWidth - full)} {share * 100:F0} %, {elapsed.TotalSeconds:F0} s{(share > 0.1 ? $", about {elapsed.TotalSeconds * (1 - share) / share:F0} s to go" : string.Empty)}"));
        Row("now", SafeText.Of(progress.Step, 100));
        if (progress.Round > 0)
        {
            Row("round", string.Create(CultureInfo.InvariantCulture, $"{progress.Round} of {progress.Rounds}"));
        }

        return grid;

        void Row(string name, string value) => grid.AddRow((IRenderable)new Text(name, new Style(Color.Grey)), new Text(value));
    }
}
