using AiAssignments.Core.Datasets;

namespace AiAssignments.Evaluation.Datasets;

/// <summary>A dataset format: recognizes its content, plans shards in one pass, reads a shard as a stream.</summary>
public interface IDatasetFormat
{
    /// <summary>Name, for example <c>csv</c>.</summary>
    string Name { get; }

    /// <summary>Looks at the content (not only the name) and describes it, or <c>null</c> when it is not this format. Cheap: reads the head, or an index.</summary>
    /// <param name="source">The staged (uncompressed) dataset.</param>
    /// <param name="options">What the user said; what they said wins.</param>
    /// <param name="cancellationToken">Stops the look.</param>
    /// <exception cref="Core.Errors.ProblemException">It is this format (by the user's word or beyond doubt), but cannot be read: says where and why.</exception>
    ValueTask<DatasetDescription?> RecognizeAsync(IDataSource source, DatasetOptions options, CancellationToken cancellationToken);

    /// <summary>Finds record boundaries in one pass and cuts shards of <paramref name="shardRecords"/> records. Memory does not grow with the dataset (but for the plan).</summary>
    /// <param name="source">The staged dataset.</param>
    /// <param name="description">What <see cref="RecognizeAsync"/> found.</param>
    /// <param name="shardRecords">Records a shard.</param>
    /// <param name="progress">Told the bytes passed so far, now and then.</param>
    /// <param name="cancellationToken">Stops the pass.</param>
    /// <exception cref="Core.Errors.ProblemException"><c>dataset-empty</c>, or the whole file is unreadable.</exception>
    ValueTask<ShardPlan> PlanAsync(IDataSource source, DatasetDescription description, int shardRecords, IProgress<long>? progress, CancellationToken cancellationToken);

    /// <summary>Reads the records of a shard in order, in batches of at most a few hundred.</summary>
    /// <param name="source">The staged dataset.</param>
    /// <param name="description">What <see cref="RecognizeAsync"/> found.</param>
    /// <param name="shard">One shard of the plan.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    IAsyncEnumerable<RecordBatch> ReadAsync(IDataSource source, DatasetDescription description, Shard shard, CancellationToken cancellationToken);
}
