using System.Text.Json;
using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Telemetry.Memory;
using AiAssignments.Evaluation.Metrics.Classification;
using AiAssignments.Evaluation.Metrics.Entities;
using AiAssignments.Evaluation.Results;

namespace AiAssignments.Evaluation.Metrics.Shards;

/// <summary>
/// All that one shard, or several merged ones, add to an evaluation's result, without rows. Written as JSON to the shard's blob; reading it
/// back gives the same contents to the last bit. Two summaries of the same records give equal bytes, but for speed and memory.
/// </summary>
public sealed record ShardSummary
{
    /// <summary>Version of this shape.</summary>
    public const int CurrentVersion = 1;

    /// <summary>Version of the shape of this document.</summary>
    public int Version { get; init; } = CurrentVersion;

    /// <summary>What became of the records.</summary>
    public required RecordCounts Counts { get; init; }

    /// <summary>Set for text and image classification.</summary>
    public ClassificationState? Classification { get; init; }

    /// <summary>Set for token classification.</summary>
    public EntityState? Entities { get; init; }

    /// <summary>Accuracy by column and by length.</summary>
    public required SliceState Slices { get; init; }

    /// <summary>The most confident mistakes.</summary>
    public required IReadOnlyList<Mistake> Mistakes { get; init; }

    /// <summary>The first bad records, in dataset order.</summary>
    public required IReadOnlyList<RecordError> BadRecords { get; init; }

    /// <summary>Latency of the model's batches.</summary>
    public required LatencyState Latency { get; init; }

    /// <summary>One point a shard, in time order.</summary>
    public required IReadOnlyList<ThroughputPoint> Runs { get; init; }

    /// <summary>Managed bytes allocated while scoring.</summary>
    public long AllocatedBytes { get; init; }

    /// <summary>Peak working set of the process seen.</summary>
    public long PeakWorkingSetBytes { get; init; }

    /// <summary>What scoring did to the memory of the process, the shards' runs added up; <c>null</c> where it was not measured.</summary>
    public MemoryProfile? Memory { get; init; }

    /// <summary>The JSON, UTF-8.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, ShardSummaryJson.Default.ShardSummary);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <param name="utf8">The bytes.</param>
    /// <exception cref="ProblemException"><c>shard-result-damaged</c>: they are not a summary of this version.</exception>
    public static ShardSummary FromJson(ReadOnlySpan<byte> utf8)
    {
        try
        {
            var summary = JsonSerializer.Deserialize(utf8, ShardSummaryJson.Default.ShardSummary);
            return summary is { Version: CurrentVersion }
                ? summary
                : throw new ProblemException("shard-result-damaged", $"A shard's result has version {summary?.Version}, but {CurrentVersion} is needed; score the shard again.");
        }
        catch (JsonException error)
        {
            throw new ProblemException(new Problem("shard-result-damaged", "A shard's result is not readable; score the shard again."), error);
        }
    }
}
