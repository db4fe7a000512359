using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Models;
using AiAssignments.Evaluation.Datasets;
using AiAssignments.Evaluation.Datasets.Labels;

namespace AiAssignments.Pipeline.Optimizations.Distillation;

/// <summary>The records that a student learns from; labels are wanted, not needed on each.</summary>
public sealed record DistillationDataset
{
    private const int ShardRecords = 4096;

    // Records take more in memory than in a file: text is UTF-16 there, and each is an object.
    private const int MemoryPerByte = 4;
    private static readonly long MostBytes = Math.Min(8L << 30, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / MemoryPerByte);

    /// <summary>Name for a person.</summary>
    public required string Name { get; init; }

    /// <summary>Content hash of the dataset, as <c>Dataset.ContentHash</c>.</summary>
    public required string ContentHash { get; init; }

    /// <summary>The task that its records are for.</summary>
    public required ModelTask Task { get; init; }

    /// <summary>The records, in order.</summary>
    public required IReadOnlyList<DatasetRecord> Records { get; init; }

    /// <summary>Class names that the data declares, by index; empty when it declares none.</summary>
    public IReadOnlyList<string> LabelNames { get; init; } = [];

    /// <summary>From a label as the data spells it to a label of the model; <c>null</c> when they are matched by themselves.</summary>
    public IReadOnlyDictionary<string, string>? LabelMap { get; init; }

    /// <summary>Records that could not be read.</summary>
    public int BadRecords { get; init; }

    /// <summary>Reads a dataset whole.</summary>
    /// <param name="source">The staged (uncompressed) dataset.</param>
    /// <param name="contentHash">Its content hash.</param>
    /// <param name="options">What the user says about it.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="ProblemException"><c>distill-dataset-too-large</c>: more than 8 GiB, or than a quarter of the memory of machine or container; or it cannot be read, with the reason.</exception>
    public static async Task<DistillationDataset> ReadAsync(IDataSource source, string contentHash, DatasetOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(options);
        if (source.Length > MostBytes)
        {
            throw new ProblemException("distill-dataset-too-large", $"The dataset has {source.Length:N0} bytes; a student is taught with at most {MostBytes:N0}. Take a part of it.", source.Name);
        }

        var (format, description) = await DatasetFormats.DetectAsync(source, options, cancellationToken).ConfigureAwait(false);
        description = OptionalLabels.Allow(description);
        var plan = await format.PlanAsync(source, description, ShardRecords, null, cancellationToken).ConfigureAwait(false);
        var records = new List<DatasetRecord>();
        var bad = 0;
        foreach (var shard in plan.Shards)
        {
            await foreach (var batch in format.ReadAsync(source, description, shard, cancellationToken).ConfigureAwait(false))
            {
                records.AddRange(batch.Records);
                bad += batch.Errors.Count;
            }
        }

        return new DistillationDataset
        {
            Name = source.Name,
            ContentHash = contentHash,
            Task = description.Task,
            Records = records,
            LabelNames = description.LabelNames,
            LabelMap = options.LabelMap,
            BadRecords = bad,
        };
    }
}
