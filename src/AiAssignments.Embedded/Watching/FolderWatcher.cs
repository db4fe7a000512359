using System.Runtime.CompilerServices;

namespace AiAssignments.Embedded.Watching;

/// <summary>
/// Finds datasets dropped into a folder: each file, and each folder as a whole. One is complete when two looks, some time apart, find the same size and the same time of
/// last write, and it can be opened. The looks are the truth, since the system's change reports can be lost; these only make the next look come sooner.
/// </summary>
/// <param name="folder">An existing folder.</param>
/// <param name="options">The settings; the defaults when <c>null</c>.</param>
/// <param name="time">The clock; the system's when <c>null</c>.</param>
public sealed class FolderWatcher(string folder, FolderWatcherOptions? options = null, TimeProvider? time = null)
{
    private readonly string folder = Path.GetFullPath(folder);
    private readonly FolderWatcherOptions options = options ?? new FolderWatcherOptions();
    private readonly TimeProvider time = time ?? TimeProvider.System;

    /// <summary>What is in the folder and what comes: each path once for each size and time of last write that it had when complete. Ends only by the token.</summary>
    /// <param name="cancellationToken">Ends the watching, with an <see cref="OperationCanceledException"/>.</param>
    public async IAsyncEnumerable<DroppedFile> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var wake = new SemaphoreSlim(0, 1);
        using var notifications = options.Notifications ? Listen(wake) : null;
        SortedDictionary<string, DroppedFile> before = new(StringComparer.Ordinal);
        Dictionary<string, DroppedFile> reported = new(StringComparer.Ordinal);
        while (true)
        {
            var present = Look(before);
            var unsettled = false;
            foreach (var (path, entry) in present)
            {
                if (reported.GetValueOrDefault(path) == entry)
                {
                    continue;
                }

                if (before.GetValueOrDefault(path) == entry && FolderScan.CanRead(entry))
                {
                    reported[path] = entry;
                    yield return entry;
                }
                else
                {
                    unsettled = true;
                }
            }

            foreach (var gone in reported.Keys.Where(path => !present.ContainsKey(path)).ToArray())
            {
                reported.Remove(gone);
            }

            before = present;
            await WaitAsync(wake, unsettled, cancellationToken).ConfigureAwait(false);
        }
    }

    private SortedDictionary<string, DroppedFile> Look(SortedDictionary<string, DroppedFile> before)
    {
        try
        {
            return FolderScan.Look(folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A network drive that is away for a moment: as if nothing had changed.
            return before;
        }
    }

    private FileSystemWatcher? Listen(SemaphoreSlim wake)
    {
        void Wake()
        {
            try
            {
                wake.Release();
            }
            catch (SemaphoreFullException)
            {
                // A look is due already.
            }
            catch (ObjectDisposedException)
            {
                // The watching has ended.
            }
        }

        FileSystemWatcher? watcher = null;
        try
        {
            watcher = new FileSystemWatcher(folder) { IncludeSubdirectories = true };
            watcher.Created += (_, _) => Wake();
            watcher.Changed += (_, _) => Wake();
            watcher.Renamed += (_, _) => Wake();
            watcher.Error += (_, _) => Wake();
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch (Exception exception) when (exception is IOException or PlatformNotSupportedException or ArgumentException)
        {
            // No watches left, or a file system without them: polling finds everything, a little later.
            watcher?.Dispose();
            return null;
        }
    }

    // Nobody but the two waits listens to it; there is nothing to await.
    private static void Stop(CancellationTokenSource waiting) => waiting.Cancel();

    // After a change we wait a little, so that a burst of reports makes one look; and while something is not yet stable, the next look comes sooner.
    private async Task WaitAsync(SemaphoreSlim wake, bool unsettled, CancellationToken cancellationToken)
    {
        var settle = options.SettleInterval < options.PollInterval ? options.SettleInterval : options.PollInterval;
        if (!unsettled)
        {
            using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var woken = wake.WaitAsync(waiting.Token);
            var due = Task.Delay(options.PollInterval, time, waiting.Token);
            var first = await Task.WhenAny(woken, due).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            Stop(waiting);
            if (first == due)
            {
                return;
            }
        }

        await Task.Delay(settle, time, cancellationToken).ConfigureAwait(false);
    }
}
