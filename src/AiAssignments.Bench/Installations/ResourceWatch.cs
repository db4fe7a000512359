using System.Diagnostics;
using AiAssignments.Core.Errors;

namespace AiAssignments.Bench.Installations;

/// <summary>What the installation's process uses while something runs: counters at both ends, and its memory once a second in between.</summary>
internal sealed class ResourceWatch : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly Installation installation;
    private readonly ProcessFigures first;
    private readonly CancellationTokenSource stop = new();
    private readonly Task watching;
    private double peak;

    private ResourceWatch(Installation installation, ProcessFigures first)
    {
        (this.installation, this.first) = (installation, first);
        peak = first.ResidentBytes ?? 0;
        watching = WatchAsync(stop.Token);
    }

    public static async Task<ResourceWatch> BeginAsync(Installation installation, CancellationToken cancellationToken) =>
        new(installation, ProcessFigures.Parse(await installation.TextAsync("/metrics", cancellationToken).ConfigureAwait(false)));

    /// <summary>Ends it.</summary>
    public async Task<ResourceUse> EndAsync(CancellationToken cancellationToken)
    {
        await stop.CancelAsync().ConfigureAwait(false);
        await watching.ConfigureAwait(false);
        var last = ProcessFigures.Parse(await installation.TextAsync("/metrics", cancellationToken).ConfigureAwait(false));
        var seconds = Stopwatch.GetElapsedTime(first.Timestamp, last.Timestamp).TotalSeconds;
        double? Rate(double? from, double? to) => from is { } before && to is { } after && seconds > 0 ? Math.Max(0, after - before) / seconds : null;
        return new ResourceUse(
            Rate(first.CpuSeconds, last.CpuSeconds),
            Math.Max(peak, last.ResidentBytes ?? 0) is var most and > 0 ? most : null,
            Rate(first.ReadBytes + first.WrittenBytes, last.ReadBytes + last.WrittenBytes));
    }

    public void Dispose()
    {
        stop.Cancel();
        stop.Dispose();
    }

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await Task.Delay(Period, cancellationToken).ConfigureAwait(false);
                var now = ProcessFigures.Parse(await installation.TextAsync("/metrics", cancellationToken).ConfigureAwait(false));
                peak = Math.Max(peak, now.ResidentBytes ?? 0);
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or ProblemException)
        {
            // Over, or too busy to say: what is known by now counts.
        }
    }
}

/// <summary>What was used.</summary>
/// <param name="Cores">Processor time by time.</param>
/// <param name="PeakBytes">Most memory in RAM of the samples.</param>
/// <param name="DiskBytesPerSecond">Read from and written to disks.</param>
internal sealed record ResourceUse(double? Cores, double? PeakBytes, double? DiskBytesPerSecond);
