using AiAssignments.Pipeline.Predictions;
using ZiggyCreatures.Caching.Fusion;

namespace AiAssignments.Pipeline.Caching;

/// <summary>The kept answers, in memory and, where there is one, in the shared level.</summary>
internal sealed class AnswerStore : IDisposable
{
    private readonly FusionCache cache;
    private readonly bool hasShared;
    private readonly FusionCacheEntryOptions memoryOnly;
    private readonly FusionCacheEntryOptions sharedOnly;
    private readonly LookupCounts counts = new("predictions");

    public AnswerStore(CacheOptions options, ISharedCache? shared)
    {
        cache = CacheLevels.Predictions(options, shared);
        hasShared = shared is not null;
        memoryOnly = cache.DefaultEntryOptions.Duplicate().SetSkipDistributedCacheRead(true).SetSkipDistributedCacheWrite(true, true);
        sharedOnly = cache.DefaultEntryOptions.Duplicate().SetSkipMemoryCache();
    }

    public LookupCounts Counts => counts;

    /// <summary>What this process keeps.</summary>
    public PredictionAnswer? Find(string key)
    {
        var kept = cache.TryGet<PredictionAnswer>(key, memoryOnly);
        return kept.HasValue ? kept.Value : null;
    }

    /// <summary>Fills what the shared level has, all at once, and keeps it here. Never fails; a level that does not answer in time has nothing.</summary>
    public async Task FillFromSharedAsync(ServedModel model, int labels, IReadOnlyList<PendingInput> inputs)
    {
        if (!hasShared || inputs.Count == 0)
        {
            return;
        }

        var found = await Task.WhenAll(inputs.Select(input => FindSharedAsync(input.Key))).ConfigureAwait(false);
        var hits = 0;
        for (var i = 0; i < found.Length; i++)
        {
            if (found[i] is { } answer && IsPlausible(answer, model, labels))
            {
                hits++;
                inputs[i].Answer = answer;
                inputs[i].Cached = true;
                cache.Set(inputs[i].Key, answer, Sized(memoryOnly, answer));
            }
        }

        counts.Shared(hits, found.Length - hits);
    }

    /// <summary>Keeps an answer here at once and in the shared level soon. Answers with errors are not kept.</summary>
    public async ValueTask KeepAsync(string key, PredictionAnswer answer)
    {
        if (answer.Error is null)
        {
            await cache.SetAsync(key, answer, Sized(cache.DefaultEntryOptions, answer), null, CancellationToken.None).ConfigureAwait(false);
        }
    }

    public void Dispose() => cache.Dispose();

    private async Task<PredictionAnswer?> FindSharedAsync(string key)
    {
        var kept = await cache.TryGetAsync<PredictionAnswer>(key, sharedOnly, CancellationToken.None).ConfigureAwait(false);
        return kept.HasValue ? kept.Value : null;
    }

    // What others wrote may be of an older program or of nobody we know: what the model could not have said is not an answer of it.
    private static bool IsPlausible(PredictionAnswer answer, ServedModel model, int labels) =>
        answer is { Error: null }
        && (answer.Labels is null) != (answer.Tags is null)
        && (answer.Labels is null || (answer.Labels.Count <= labels && answer.Labels.All(one => one is not null && IsPlausible(one.Label, one.Probability, model))))
        && (answer.Tags is null || answer.Tags.All(one => one is { Word: not null } && IsPlausible(one.Label, one.Probability, model)));

    private static bool IsPlausible(string? label, float probability, ServedModel model) =>
        label is not null && probability is >= 0 and <= 1.0001f && model.Labels.Contains(label);

    private static FusionCacheEntryOptions Sized(FusionCacheEntryOptions options, PredictionAnswer answer) => options.Duplicate().SetSize(SizeOf(answer));

    /// <summary>Bytes in memory, estimated: the entry, its key, the logits, and per label or word a record, a slot and its characters.</summary>
    internal static long SizeOf(PredictionAnswer answer)
    {
        var size = 480L + (4L * (answer.Logits?.Count ?? 0));
        foreach (var label in answer.Labels ?? [])
        {
            size += 48 + (2 * label.Label.Length);
        }

        foreach (var tag in answer.Tags ?? [])
        {
            size += 80 + (2 * (tag.Word.Length + tag.Label.Length));
        }

        return size;
    }
}
