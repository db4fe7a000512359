using System.Runtime.CompilerServices;
using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Models;
using AiAssignments.Evaluation.Datasets;
using AiAssignments.Pipeline.Datasets;

namespace AiAssignments.Pipeline.Optimizations;

/// <summary>The first records of a dataset, for measuring and calibrating.</summary>
internal static class GateRecords
{
    private const int RecordsAShard = 512;

    public static async IAsyncEnumerable<DatasetRecord> ReadAsync(
        Ingestion datasets, string datasetId, DatasetOptions options, ModelTask task, int most, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var dataset = await datasets.GetAsync(datasetId, cancellationToken).ConfigureAwait(false);
        var source = await datasets.OpenAsync(dataset, cancellationToken).ConfigureAwait(false);
        var (format, description) = await DatasetFormats.DetectAsync(source, options with { Task = options.Task ?? task }, cancellationToken).ConfigureAwait(false);
        if (description.Task != task)
        {
            throw new ProblemException("task-mismatch", $"The dataset is for {description.Task.Name()} and the model for {task.Name()}.", dataset.Name);
        }

        var plan = await format.PlanAsync(source, description, RecordsAShard, null, cancellationToken).ConfigureAwait(false);
        var given = 0;
        foreach (var shard in plan.Shards)
        {
            await foreach (var batch in format.ReadAsync(source, description, shard, cancellationToken).ConfigureAwait(false))
            {
                foreach (var record in batch.Records)
                {
                    yield return record;
                    if (++given == most)
                    {
                        yield break;
                    }
                }
            }
        }
    }
}
