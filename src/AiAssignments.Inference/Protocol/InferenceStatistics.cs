using System.Collections.Concurrent;
using AiAssignments.Inference.Protocol.Responses;
using AiAssignments.Inference.Serving;

namespace AiAssignments.Inference.Protocol;

/// <summary>Counts requests a model version, for the statistics extension. Thread-safe.</summary>
/// <param name="time">The clock.</param>
public sealed class InferenceStatistics(TimeProvider time)
{
    private readonly ConcurrentDictionary<ModelKey, Counts> counts = new();

    /// <summary>What was counted, by name and version.</summary>
    /// <param name="name">Only of this model; <c>null</c> for all.</param>
    /// <param name="version">Only of this version; <c>null</c> for all.</param>
    public IReadOnlyList<ModelStatistics> Read(string? name = null, string? version = null) =>
    [
        .. counts
            .Where(each => (name is null || each.Key.Name == name) && (version is null || each.Key.Version == version))
            .Select(each => each.Value.Read(each.Key))
            .OrderBy(each => each.Key.Name, StringComparer.Ordinal).ThenBy(each => each.Key.Version, StringComparer.Ordinal),
    ];

    /// <summary>Counts an answer.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="rows">Its rows.</param>
    internal void Succeeded(InferResponse response, long rows) =>
        counts.GetOrAdd(response.Model, _ => new Counts()).Add(response.Timing, rows, time.GetUtcNow());

    /// <summary>Counts a refusal, if the model ever answered: names from outside make no entries.</summary>
    /// <param name="name">Model name. Hostile.</param>
    /// <param name="version">Version; <c>null</c> for the active one.</param>
    internal void Failed(string name, string? version)
    {
        foreach (var (key, count) in counts)
        {
            if (key.Name == name && (version is null || key.Version == version))
            {
                count.Fail();
                return;
            }
        }
    }

    private sealed class Counts
    {
        private readonly Lock gate = new();
        private ModelStatistics total = ModelStatistics.None(default);

        public void Add(ServeTiming timing, long rows, DateTimeOffset now)
        {
            lock (gate)
            {
                total = total with
                {
                    LastInference = now,
                    Rows = total.Rows + rows,
                    Succeeded = total.Succeeded + 1,
                    Queue = total.Queue + timing.Queue,
                    Tokenize = total.Tokenize + timing.Tokenize,
                    Inference = total.Inference + timing.Inference,
                };
            }
        }

        public void Fail()
        {
            lock (gate)
            {
                total = total with { Failed = total.Failed + 1 };
            }
        }

        public ModelStatistics Read(ModelKey key)
        {
            lock (gate)
            {
                return total with { Key = key };
            }
        }
    }
}

/// <summary>What was counted of one version since the start.</summary>
/// <param name="Key">The version.</param>
/// <param name="LastInference">When it last answered.</param>
/// <param name="Rows">Rows that it answered.</param>
/// <param name="Succeeded">Requests that it answered.</param>
/// <param name="Failed">Requests that were refused or failed.</param>
/// <param name="Queue">Time that the answered ones waited, summed.</param>
/// <param name="Tokenize">Time of tokenizing or decoding, summed.</param>
/// <param name="Inference">Time in ONNX Runtime, summed over requests (those of one batch each count it).</param>
public sealed record ModelStatistics(
    ModelKey Key, DateTimeOffset? LastInference, long Rows, long Succeeded, long Failed, TimeSpan Queue, TimeSpan Tokenize, TimeSpan Inference)
{
    /// <summary>Batches that ran, ascending by rows; those of requests that were given up among them.</summary>
    public IReadOnlyList<BatchCount> Batches { get; init; } = [];

    /// <summary>Batches of all sizes.</summary>
    public long Executions => Batches.Sum(each => each.Count);

    /// <summary>Those of a version that was not asked yet.</summary>
    /// <param name="key">The version.</param>
    internal static ModelStatistics None(ModelKey key) => new(key, null, 0, 0, 0, default, default, default);
}
