using AiAssignments.Core.Errors;

namespace AiAssignments.Pipeline.Jobs;

/// <summary>
/// Long work that requests ask for and whose result is kept: done once for all who ask meanwhile, one after the other, so that the machine is left to who predicts.
/// It goes on when those who asked are gone (a request waits for so long and no longer), and ends with the host.
/// </summary>
/// <typeparam name="T">The result.</typeparam>
/// <param name="most">Most that are under way or wait their turn; 1 or more.</param>
internal sealed class SharedWork<T>(int most) : IAsyncDisposable
{
    private readonly Lock sync = new();
    private readonly Dictionary<string, Task<T>> underWay = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim gate = new(1, 1);
    private readonly CancellationTokenSource stopping = new();

    /// <summary>Begins the work, or waits for the same that is under way.</summary>
    /// <param name="id">What it is about.</param>
    /// <param name="work">Does it; its token is the host's, not a caller's.</param>
    /// <param name="cancellationToken">Stops the waiting, not the work.</param>
    /// <returns>The result, and whether this call began it.</returns>
    /// <exception cref="ProblemException"><c>queue-full</c>; <c>engine-stopped</c>; whatever <paramref name="work"/> throws.</exception>
    public async Task<(T Result, bool Began)> RunAsync(string id, Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        Task<T>? task;
        bool began;
        lock (sync)
        {
            began = !underWay.TryGetValue(id, out task);
            if (began)
            {
                task = Begin(id, work);
            }
        }

        return (await task!.WaitAsync(cancellationToken).ConfigureAwait(false), began);
    }

    /// <summary>Stops what is under way, and waits for its end.</summary>
    public async ValueTask DisposeAsync()
    {
        Task[] left;
        lock (sync)
        {
            if (stopping.IsCancellationRequested)
            {
                return;
            }

            stopping.Cancel();
            left = [.. underWay.Values];
        }

        await Task.WhenAll(left).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        gate.Dispose();
        stopping.Dispose();
    }

    private Task<T> Begin(string id, Func<CancellationToken, Task<T>> work)
    {
        if (stopping.IsCancellationRequested)
        {
            throw new ProblemException("engine-stopped", "The server stops; ask again when it is back.");
        }

        if (underWay.Count >= most)
        {
            throw new ProblemException("queue-full", $"{most} of these are under way or wait their turn; ask again in a moment.") { RetryAfter = TimeSpan.FromSeconds(5) };
        }

        var task = Task.Run(() => WorkAsync(id, work));
        underWay.Add(id, task);

        // Looked at, so that a failure that nobody waits for any more is not an unobserved one.
        _ = task.ContinueWith(static done => _ = done.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return task;
    }

    private async Task<T> WorkAsync(string id, Func<CancellationToken, Task<T>> work)
    {
        try
        {
            await gate.WaitAsync(stopping.Token).ConfigureAwait(false);
            try
            {
                return await work(stopping.Token).ConfigureAwait(false);
            }
            finally
            {
                gate.Release();
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            throw new ProblemException("engine-stopped", "The server stops; ask again when it is back.");
        }
        finally
        {
            lock (sync)
            {
                underWay.Remove(id);
            }
        }
    }
}
