using AiAssignments.Core.Datasets;

namespace AiAssignments.Evaluation.Datasets.Images;

/// <summary>An archive of images: zip or tar.</summary>
internal interface IImageContainer
{
    /// <summary>Passes over all entries.</summary>
    ValueTask<ImageSurvey> SurveyAsync(IDataSource source, CancellationToken cancellationToken);

    /// <summary>Cuts the entries into shards.</summary>
    ValueTask<ShardPlan> PlanAsync(IDataSource source, int shardRecords, IProgress<long>? progress, CancellationToken cancellationToken);

    /// <summary>Reads the entries of a shard: what the path says, and either the content or what is wrong with it.</summary>
    IAsyncEnumerable<ImageFile> ReadAsync(IDataSource source, Shard shard, CancellationToken cancellationToken);
}
