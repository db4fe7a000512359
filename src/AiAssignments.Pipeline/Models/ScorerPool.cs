using AiAssignments.Inference.Models;
using AiAssignments.Inference.Scoring;
using AiAssignments.Inference.Tokenization;

namespace AiAssignments.Pipeline.Models;

/// <summary>Loaded model versions, shared by all who score: each is loaded once and unloaded when it was not used for longest and too many are loaded.</summary>
/// <param name="files">Brings a version's files to this machine.</param>
/// <param name="options">How models are run.</param>
/// <param name="capacity">Most idle versions kept loaded; 1 or more. Default 4.</param>
/// <param name="elsewhere">A scorer of another server for a version that is to be scored there; <c>null</c> for one that is scored here. Default: all are scored here.</param>
public sealed class ScorerPool(ModelFiles files, ScorerOptions options, int capacity = 4, Func<ModelVersion, Task<IScorer?>>? elsewhere = null) : IDisposable
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, Entry> entries = [];
    private long clock;

    /// <summary>Borrows a version's scorer; dispose the lease when done.</summary>
    /// <param name="version">The version.</param>
    /// <param name="cancellationToken">Stops the waiting; a load under way goes on for others.</param>
    public async Task<ScorerLease> RentAsync(ModelVersion version, CancellationToken cancellationToken)
    {
        // By content and time, too: a version that was deleted may be registered again, with other weights, or under another number on the inference servers.
        var key = FormattableString.Invariant($"{version.Reference} {version.ContentHash} {version.RegisteredAt.UtcTicks}");
        Entry entry;
        lock (gate)
        {
            if (!entries.TryGetValue(key, out entry!) || entry.Scorer.IsFaulted || entry.Scorer.IsCanceled)
            {
                entry = new Entry(Task.Run(() => LoadAsync(version), CancellationToken.None));
                entries[key] = entry;
            }

            entry.Users++;
        }

        try
        {
            return new ScorerLease(await entry.Scorer.WaitAsync(cancellationToken).ConfigureAwait(false), () => Return(entry));
        }
        catch
        {
            Return(entry);
            throw;
        }
    }

    /// <summary>Unloads everything. No lease may be out.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            foreach (var entry in entries.Values)
            {
                entry.Unload();
            }

            entries.Clear();
        }
    }

    /// <summary>Unloads what nobody has borrowed.</summary>
    public void Trim() => Unload(0);

    private async Task<IScorer> LoadAsync(ModelVersion version)
    {
        if (elsewhere is not null && await elsewhere(version).ConfigureAwait(false) is { } other)
        {
            return other;
        }

        var package = ModelFolder.Open(await files.FolderOfAsync(version, CancellationToken.None).ConfigureAwait(false), null);
        var tokenizer = package.Card.Tokenizer is { } spec ? TokenizerLoader.Load(package.Folder, spec) : null;
        return ModelScorer.Create(package, tokenizer, options);
    }

    private void Return(Entry entry)
    {
        lock (gate)
        {
            entry.Users--;
            entry.LastUse = ++clock;
            Unload(capacity);
        }
    }

    private void Unload(int kept)
    {
        lock (gate)
        {
            var idle = entries.Where(pair => pair.Value.Users == 0).OrderBy(pair => pair.Value.LastUse).ToList();
            foreach (var (content, old) in idle.Take(Math.Max(0, idle.Count - kept)))
            {
                entries.Remove(content);
                old.Unload();
            }
        }
    }

    private sealed class Entry(Task<IScorer> scorer)
    {
        public Task<IScorer> Scorer => scorer;

        public int Users { get; set; }

        public long LastUse { get; set; }

        public void Unload() =>
            _ = scorer.ContinueWith(loaded => loaded.Result.Dispose(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
    }
}
