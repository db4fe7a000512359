using System.Runtime.CompilerServices;
using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Models;
using AiAssignments.Evaluation.Datasets;
using AiAssignments.Evaluation.Datasets.Labels;
using AiAssignments.Pipeline.Datasets;

namespace AiAssignments.Pipeline.Optimizations;

/// <summary>The first records of a dataset, for measuring and calibrating.</summary>
internal static class GateRecords
{
    private const int RecordsAShard = 512;

    /// <summary>Reads them; what cannot be read is passed over.</summary>
    /// <param name="datasets">The datasets.</param>
    /// <param name="datasetId">Which of them.</param>
    /// <param name="options">How it is read.</param>
    /// <param name="task">The task that it must be for.</param>
    /// <param name="most">Records at most.</param>
    /// <param name="areLabelsOptional">Whether a record without a label, among others that have one, is read. The gate's are bad, as an evaluation has it.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async IAsyncEnumerable<DatasetRecord> ReadAsync(
        Ingestion datasets, string datasetId, DatasetOptions options, ModelTask task, int most, bool areLabelsOptional, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var dataset = await datasets.GetAsync(datasetId, cancellationToken).ConfigureAwait(false);
        var source = await datasets.OpenAsync(dataset, cancellationToken).ConfigureAwait(false);
        var (format, description) = await DatasetFormats.DetectAsync(source, options with { Task = options.Task ?? task }, cancellationToken).ConfigureAwait(false);
        if (description.Task != task)
        {
            throw new ProblemException("task-mismatch", $"The dataset is for {description.Task.Name()} and the model for {task.Name()}.", dataset.Name);
        }

        description = areLabelsOptional ? OptionalLabels.Allow(description) : description;
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
