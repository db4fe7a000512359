using System.Diagnostics;
using System.Globalization;
using AiAssignments.Bench.Running;
using Spectre.Console;

namespace AiAssignments.Terminal;

/// <summary>Shows how a bench goes: a bar that moves on a terminal, a line a step in a pipe.</summary>
/// <param name="console">Where to.</param>
/// <param name="quiet">Whether nothing is shown.</param>
public sealed class BenchView(IAnsiConsole console, bool quiet = false) : IBenchObserver
{
    // Before it nothing can be said of the rest.
    private const double ToldFrom = 0.1;

    private readonly LivePicture picture = new(console, quiet);
    private readonly long start = Stopwatch.GetTimestamp();
    private volatile BenchProgress? latest;

    private double Elapsed => Stopwatch.GetElapsedTime(start).TotalSeconds;

    /// <inheritdoc />
    public void OnStep(BenchProgress progress)
    {
        ArgumentNullException.ThrowIfNull(progress);
        latest = progress;
        if (!picture.IsShown)
        {
            picture.Say(string.Create(CultureInfo.InvariantCulture, $"{Elapsed,4:F0} s  {(progress.Round > 0 ? $"round {progress.Round} of {progress.Rounds}: " : string.Empty)}{SafeText.Of(progress.Step, 120)}"));
        }
    }

    /// <summary>Runs the work and shows how it goes, until it ends.</summary>
    /// <param name="work">The work; its failure comes out of this call.</param>
    public Task RunAsync(Func<Task> work) => picture.RunAsync(work, Rows);

    private IEnumerable<(string Name, string Value)> Rows()
    {
        if (latest is not { } progress)
        {
            yield return ("bench", "starting");
            yield break;
        }

        var (share, elapsed) = (progress.Steps > 0 ? Math.Clamp((double)progress.Done / progress.Steps, 0, 1) : 0, Elapsed);
        var rest = share > ToldFrom ? string.Create(CultureInfo.InvariantCulture, $", about {elapsed * (1 - share) / share:F0} s to go") : string.Empty;
        yield return ("bench", string.Create(CultureInfo.InvariantCulture, $"{LivePicture.Bar(share)} {share * 100:F0} %, {elapsed:F0} s{rest}"));
        yield return ("now", SafeText.Of(progress.Step, 100));
        if (progress.Round > 0)
        {
            yield return ("round", string.Create(CultureInfo.InvariantCulture, $"{progress.Round} of {progress.Rounds}"));
        }
    }
}
