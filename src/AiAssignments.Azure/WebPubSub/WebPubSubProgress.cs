using System.Collections.Concurrent;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Jobs;

namespace AiAssignments.Azure.WebPubSub;

/// <summary>
/// Publishes progress to Web PubSub: each job to the group of its own and to that of all jobs, at most so often, the last state always. What comes while a message is
/// under way replaces what waits. When the service refuses (its day's messages are used up), nothing is sent for a while but ends; whoever watches asks the status route.
/// The service keeps no last state and asks nobody for it (that takes an event handler, an address that it calls for each client that joins): who joins a group reads the status route once his
/// joining is acknowledged, as the page does, and then misses nothing that is sent; the embedded hub sends the last states instead.
/// </summary>
public sealed class WebPubSubProgress : IProgressPublisher, IAsyncDisposable
{
    private static readonly TimeSpan Without = TimeSpan.FromSeconds(30);
    private readonly ConcurrentDictionary<string, JobProgress> waiting = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim arrived = new(0);
    private readonly CancellationTokenSource stopping = new();
    private readonly WebPubSubHub hub;
    private readonly TimeProvider time;
    private readonly TimeSpan interval;
    private readonly Task loop;
    private DateTimeOffset refusedUntil;

    /// <summary>Begins to send.</summary>
    /// <param name="hub">The hub; not owned.</param>
    /// <param name="time">The clock.</param>
    /// <param name="interval">Shortest time between two rounds of messages. Default 500 ms.</param>
    public WebPubSubProgress(WebPubSubHub hub, TimeProvider time, TimeSpan? interval = null)
    {
        (this.hub, this.time, this.interval) = (hub, time, interval ?? TimeSpan.FromMilliseconds(500));
        loop = Task.Run(SendAsync);
    }

    /// <inheritdoc />
    public void Publish(JobProgress progress)
    {
        ArgumentNullException.ThrowIfNull(progress);

        // An end stays the last word of its round.
        waiting.AddOrUpdate(progress.JobId, progress, (_, before) => JobStages.IsEnd(before.Stage) && !JobStages.IsEnd(progress.Stage) ? before : progress);
        arrived.Release();
    }

    /// <summary>Sends what waits, for some seconds at most, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync().ConfigureAwait(false);
        await loop.ConfigureAwait(false);
        stopping.Dispose();
        arrived.Dispose();
    }

    private async Task SendAsync()
    {
        while (!stopping.IsCancellationRequested)
        {
            await arrived.WaitAsync(stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await RoundAsync().ConfigureAwait(false);
            await Task.Delay(interval, time, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await RoundAsync().ConfigureAwait(false);
    }

    private async Task RoundAsync()
    {
        foreach (var id in waiting.Keys)
        {
            if (waiting.TryRemove(id, out var progress) && (time.GetUtcNow() >= refusedUntil || JobStages.IsEnd(progress.Stage)))
            {
                await TellAsync(progress).ConfigureAwait(false);
            }
        }
    }

    private async Task TellAsync(JobProgress progress)
    {
        var message = PubSubMessage.Progress(progress, time.GetUtcNow());
        try
        {
            await hub.SendToGroupAsync(ProgressGroups.Job(progress.JobId), message, CancellationToken.None).ConfigureAwait(false);
            await hub.SendToGroupAsync(ProgressGroups.Jobs, message, CancellationToken.None).ConfigureAwait(false);
        }
        catch (ProblemException refused)
        {
            refusedUntil = time.GetUtcNow() + (refused.RetryAfter ?? Without);
        }
        catch (Exception)
        {
            // No token for the moment: progress is best effort, and the status route knows.
            refusedUntil = time.GetUtcNow() + Without;
        }
    }
}
