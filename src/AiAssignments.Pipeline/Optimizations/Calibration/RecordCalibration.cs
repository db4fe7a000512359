using System.Runtime.CompilerServices;
using AiAssignments.Core.Datasets;
using AiAssignments.Inference.Models;
using AiAssignments.Inference.Scoring;
using AiAssignments.Optimization.Quantization.Calibration;
using AiAssignments.Pipeline.Datasets;

namespace AiAssignments.Pipeline.Optimizations.Calibration;

/// <summary>
/// The first records of a dataset as batches of a model's inputs. A ranking reads them once for each layer, so they are kept as far as they fit; what does not
/// is encoded again.
/// </summary>
/// <param name="datasets">The datasets.</param>
/// <param name="datasetId">Which of them.</param>
/// <param name="options">How it is read.</param>
/// <param name="package">The model.</param>
/// <param name="most">Records at most.</param>
internal sealed class RecordCalibration(Ingestion datasets, string datasetId, DatasetOptions options, ModelPackage package, int most) : ICalibrationSource
{
    private const int RowsABatch = 8;
    private const long MostKept = 128L << 20;
    private readonly RecordFeeds feeds = new(package);
    private readonly List<CalibrationBatch> kept = [];
    private long keptBytes;
    private bool keptWhole;

    /// <inheritdoc />
    public async IAsyncEnumerable<CalibrationBatch> BatchesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (keptWhole)
        {
            foreach (var batch in kept)
            {
                yield return batch;
            }

            yield break;
        }

        var given = 0;
        await foreach (var piece in GateRecords.ReadAsync(datasets, datasetId, options, package.Card.Task, most, areLabelsOptional: true, cancellationToken).Chunk(RowsABatch).ConfigureAwait(false))
        {
            foreach (var tensors in feeds.BatchesOf(piece, RowsABatch, cancellationToken))
            {
                var batch = new CalibrationBatch([.. tensors.Select(TensorOf)]);
                Keep(batch, given++);
                yield return batch;
            }
        }

        keptWhole = kept.Count == given;
    }

    private void Keep(CalibrationBatch batch, int ordinal)
    {
        var bytes = batch.Tensors.Sum(tensor => ((long)(tensor.Floats?.Length ?? 0) * sizeof(float)) + ((long)(tensor.Longs?.Length ?? 0) * sizeof(long)));
        if (ordinal == kept.Count && keptBytes + bytes <= MostKept)
        {
            kept.Add(batch);
            keptBytes += bytes;
        }
    }

    private static CalibrationTensor TensorOf(FedTensor tensor) =>
        tensor.Floats is { } floats ? new(tensor.Name, floats, tensor.Shape) : new(tensor.Name, tensor.Longs!, tensor.Shape);
}
