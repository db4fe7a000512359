using System.Buffers;
using AiAssignments.Inference.Images;
using AiAssignments.Inference.Models;
using AiAssignments.Inference.Scoring;
using AiAssignments.Inference.Serving.Batching;
using Microsoft.ML.OnnxRuntime;

namespace AiAssignments.Inference.Serving.Graphs;

/// <summary>Runs images.</summary>
internal sealed class ImageRunner(GraphSession graph, ModelPackage package) : IWarmable
{
    /// <summary>A batch of large images is cut smaller, so that its memory stays within 64 MiB.</summary>
    public const int MostFloats = 16 << 20;

    private readonly ImageTensorizer tensorizer = new(package.Card.Image!);

    /// <summary>Floats of one image.</summary>
    public int Length => tensorizer.Length;

    /// <inheritdoc />
    public IEnumerable<int> Lengths => [1];

    /// <inheritdoc />
    public TimeSpan Run(List<QueuedRow> rows)
    {
        var labels = package.Card.Labels.Count;
        return Run(
            rows.Count,
            (row, pixels) => ((ImageRow)rows[row]).Pixels.AsSpan(0, Length).CopyTo(pixels),
            (inputs, count) => graph.Run(inputs, count, 1, logits =>
            {
                for (var i = 0; i < rows.Count; i++)
                {
                    var image = (ImageRow)rows[i];
                    image.Sink.Take(image.Record, 0, logits.Slice(i * labels, labels));
                }
            }));
    }

    /// <inheritdoc />
    public void Fill(int rows, int length) => Run(rows, static (_, pixels) => pixels.Clear(), (inputs, count) => graph.Run(inputs, count, 1, static _ => { }));

    /// <inheritdoc />
    public void Shrink() => Run(1, static (_, pixels) => pixels.Clear(), (inputs, _) =>
    {
        graph.Shrink(inputs);
        return TimeSpan.Zero;
    });

    private TimeSpan Run(int count, FillRow fill, Func<OrtValue[], int, TimeSpan> run)
    {
        var image = package.Card.Image!;
        var rows = package.Binding.FixedBatch ?? count;
        var buffer = ArrayPool<float>.Shared.Rent(checked(rows * Length));
        try
        {
            for (var row = 0; row < count; row++)
            {
                fill(row, buffer.AsSpan(row * Length, Length));
            }

            buffer.AsSpan(count * Length, (rows - count) * Length).Clear();
            long[] shape = image.Layout == "NCHW" ? [rows, image.Channels, image.Height, image.Width] : [rows, image.Height, image.Width, image.Channels];
            using var value = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, buffer.AsMemory(0, rows * Length), shape);
            return run([value], rows);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(buffer);
        }
    }

    private delegate void FillRow(int row, Span<float> pixels);
}
