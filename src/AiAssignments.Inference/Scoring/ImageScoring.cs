using System.Buffers;
using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Models;
using AiAssignments.Inference.Images;
using AiAssignments.Inference.Models;
using AiAssignments.Inference.Runtime;
using Microsoft.ML.OnnxRuntime;

namespace AiAssignments.Inference.Scoring;

/// <summary>Scores images.</summary>
internal sealed class ImageScoring(GraphRunner runner, ModelPackage package, ScorerOptions options)
{
    // A batch of large images is cut smaller, so that its memory stays within 64 MiB.
    private const int MostFloats = 16 << 20;
    private readonly ImageTensorizer tensorizer = new(package.Card.Image!);

    public async Task<ScoredRecord[]> ScoreAsync(IReadOnlyList<DatasetRecord> records, Action<int, TimeSpan>? onBatch, CancellationToken cancellationToken)
    {
        foreach (var record in records)
        {
            if (record is not ImageRecord)
            {
                throw new ProblemException(
                    "record-task-mismatch",
                    $"A {package.Card.Task.Name()} model cannot score a {record.GetType().Name}; choose a dataset of its task.",
                    record.Position.ToString());
            }
        }

        var sink = new PredictionSink(package.Card, records, options.KeepLogits);
        var fixedRows = package.Binding.FixedBatch;
        var most = fixedRows ?? Math.Clamp(MostFloats / tensorizer.Length, 1, options.ImagesPerBatch);
        await runner.ShareOutAsync(
            (records.Count + most - 1) / most,
            piece =>
            {
                var count = Math.Min(most, records.Count - (piece * most));
                return RunAsync(records, piece * most, count, fixedRows ?? count, sink, onBatch, cancellationToken);
            },
            cancellationToken).ConfigureAwait(false);
        return sink.Finish(null);
    }

    private async Task RunAsync(
        IReadOnlyList<DatasetRecord> records, int start, int count, int rows, PredictionSink sink, Action<int, TimeSpan>? onBatch, CancellationToken cancellationToken)
    {
        var image = package.Card.Image!;
        var length = tensorizer.Length;
        var buffer = ArrayPool<float>.Shared.Rent(checked(rows * length));
        try
        {
            Tensorize(records, start, count, buffer, sink, cancellationToken);
            buffer.AsSpan(count * length, (rows - count) * length).Clear();
            long[] shape = image.Layout == "NCHW" ? [rows, image.Channels, image.Height, image.Width] : [rows, image.Height, image.Width, image.Channels];
            using var value = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, buffer.AsMemory(0, rows * length), shape);
            var labels = package.Card.Labels.Count;
            void Read(ReadOnlySpan<float> logits)
            {
                for (var row = 0; row < count; row++)
                {
                    sink.Take(start + row, 0, logits.Slice(row * labels, labels));
                }
            }

            OrtValue[] inputs = [value];
            var elapsed = await runner.RunAsync(graph => graph.Run(inputs, rows, 1, Read), cancellationToken).ConfigureAwait(false);
            onBatch?.Invoke(count, elapsed);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(buffer);
        }
    }

    private void Tensorize(IReadOnlyList<DatasetRecord> records, int start, int count, float[] buffer, PredictionSink sink, CancellationToken cancellationToken)
    {
        var length = tensorizer.Length;
        void One(int row)
        {
            // A record that fails leaves a row of zeros, so that the batch's shape, and with it every other number, stays the same.
            cancellationToken.ThrowIfCancellationRequested();
            var destination = buffer.AsSpan(row * length, length);
            if (tensorizer.Fill((ImageRecord)records[start + row], destination) is { } error)
            {
                destination.Clear();
                sink.Fail(start + row, error);
            }
        }

        // Lanes decode side by side already. Raw samples of the right shape are a table look-up; only decoding is worth other threads.
        if (runner.Lanes > 1 || ((ImageRecord)records[start]).Raw is not null || count == 1)
        {
            for (var row = 0; row < count; row++)
            {
                One(row);
            }
        }
        else
        {
            Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = Cores.Logical, CancellationToken = cancellationToken }, One);
        }
    }
}
