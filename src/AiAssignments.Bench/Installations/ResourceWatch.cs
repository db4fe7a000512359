using System.Diagnostics;
using AiAssignments.Core.Errors;
using AiAssignments.LoadTesting;

namespace AiAssignments.Bench.Installations;

/// <summary>What the installation's process uses while something runs: counters at both ends, and its memory once a second in between. As the observer of a load test it begins where the warm-up ends.</summary>
/// <param name="installation">Whose.</param>
internal sealed class ResourceWatch(Installation installation) : ILoadObserver, IAsyncDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource stop = new();
    private readonly TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile ProcessFigures? first;
    private Task? watching;
    private double peak;

    public void OnProgress(LoadProgress progress)
    {
        if (progress.Phase == "measuring")
        {
            watching ??= WatchAsync();
        }
    }

    /// <summary>Begins it now; ends once the counters have been read.</summary>
    public Task BeginAsync()
    {
        watching ??= WatchAsync();
        return begun.Task;
    }

    /// <summary>Ends it. Without figures where it was too short to begin, or the installation did not answer.</summary>
    public async Task<ResourceUse> EndAsync(CancellationToken cancellationToken)
    {
        await StopAsync().ConfigureAwait(false);
        if (first is not { } from)
        {
            return new ResourceUse(null, null, null);
        }

        var to = await ReadAsync(cancellationToken).ConfigureAwait(false);
        var seconds = Stopwatch.GetElapsedTime(from.Timestamp, to.Timestamp).TotalSeconds;
        double? Rate(double? before, double? after) => before is { } earlier && after is { } later && seconds > 0 ? Math.Max(0, later - earlier) / seconds : null;
        return new ResourceUse(
            Rate(from.CpuSeconds, to.CpuSeconds),
            Math.Max(peak, to.ResidentBytes ?? 0) is var most and > 0 ? most : null,
            Rate(from.ReadBytes + from.WrittenBytes, to.ReadBytes + to.WrittenBytes));
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        stop.Dispose();
    }

    private async Task StopAsync()
    {
        await stop.CancelAsync().ConfigureAwait(false);
        if (watching is not null)
        {
            await watching.ConfigureAwait(false);
        }
    }

    private async Task WatchAsync()
    {
        try
        {
            // Not given up for the end of a short run: it is what all else is reckoned from.
            first = await ReadAsync(CancellationToken.None).ConfigureAwait(false);
            peak = first.ResidentBytes ?? 0;
            begun.TrySetResult();
            while (true)
            {
                await Task.Delay(Period, stop.Token).ConfigureAwait(false);
                peak = Math.Max(peak, (await ReadAsync(stop.Token).ConfigureAwait(false)).ResidentBytes ?? 0);
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or ProblemException)
        {
            // Over, or too busy to say: what is known by now counts.
        }
        finally
        {
            begun.TrySetResult();
        }
    }

    private async Task<ProcessFigures> ReadAsync(CancellationToken cancellationToken) =>
        ProcessFigures.Parse(await installation.TextAsync("/metrics", cancellationToken).ConfigureAwait(false));
}
