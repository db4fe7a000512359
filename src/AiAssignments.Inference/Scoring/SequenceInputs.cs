using System.Buffers;
using System.Numerics;
using AiAssignments.Inference.Models;
using Microsoft.ML.OnnxRuntime;
using DataType = AiAssignments.Onnx.TensorProto.Types.DataType;

namespace AiAssignments.Inference.Scoring;

/// <summary>The integer tensors of one batch of rows, in rented memory.</summary>
internal static class SequenceInputs
{
    /// <summary>Fills and runs a batch.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="items">The rows of this batch; none is empty.</param>
    /// <param name="padId">Fills short rows.</param>
    /// <param name="idsPerPosition">Ids that make one position.</param>
    /// <param name="read">Given the logits.</param>
    /// <returns>The run's time.</returns>
    public static TimeSpan Run(GraphSession graph, ReadOnlySpan<SequenceItem> items, int padId, int idsPerPosition, GraphSession.LogitsReader read)
    {
        return graph.Binding.IntegerType == DataType.Int32
            ? Run<int>(graph, items, padId, idsPerPosition, inputs => graph.Run(inputs.Values, inputs.Rows, inputs.Width / idsPerPosition, read))
            : Run<long>(graph, items, padId, idsPerPosition, inputs => graph.Run(inputs.Values, inputs.Rows, inputs.Width / idsPerPosition, read));
    }

    /// <summary>As <see cref="Run(GraphSession, ReadOnlySpan{SequenceItem}, int, int, GraphSession.LogitsReader)"/>, to have the graph's arena shrink afterwards.</summary>
    public static void Shrink(GraphSession graph, ReadOnlySpan<SequenceItem> items, int padId, int idsPerPosition)
    {
        TimeSpan Shrink(FilledInputs inputs)
        {
            graph.Shrink(inputs.Values);
            return TimeSpan.Zero;
        }

        _ = graph.Binding.IntegerType == DataType.Int32
            ? Run<int>(graph, items, padId, idsPerPosition, Shrink)
            : Run<long>(graph, items, padId, idsPerPosition, Shrink);
    }

    /// <summary>Ids of a row of this batch.</summary>
    public static int Width(ReadOnlySpan<SequenceItem> items, ModelBinding binding, int idsPerPosition)
    {
        var longest = idsPerPosition;
        foreach (var item in items)
        {
            longest = Math.Max(longest, item.Ids.Length);
        }

        return binding.FixedLength ?? longest;
    }

    private static TimeSpan Run<T>(GraphSession graph, ReadOnlySpan<SequenceItem> items, int padId, int idsPerPosition, Func<FilledInputs, TimeSpan> run)
        where T : unmanaged, INumberBase<T>
    {
        var binding = graph.Binding;
        var width = Width(items, binding, idsPerPosition);
        var rows = binding.FixedBatch ?? items.Length;
        var size = checked(rows * width);
        var rented = ArrayPool<T>.Shared.Rent(checked(size * graph.InputNames.Length));
        var values = new OrtValue[graph.InputNames.Length];
        try
        {
            Fill(rented, items, binding, rows, width, T.CreateChecked(padId));
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, rented.AsMemory(i * size, size), [rows, width]);
            }

            return run(new(values, rows, width));
        }
        finally
        {
            foreach (var value in values)
            {
                value?.Dispose();
            }

            ArrayPool<T>.Shared.Return(rented);
        }
    }

    /// <summary>Fills the inputs of a batch one after another: ids, mask where the graph has one, types where it has them; each <c>rows x width</c>.</summary>
    public static void Fill<T>(T[] values, ReadOnlySpan<SequenceItem> items, ModelBinding binding, int rows, int width, T pad)
        where T : unmanaged, INumberBase<T>
    {
        var size = rows * width;
        var ids = values.AsSpan(0, size);
        var mask = binding.Mask is null ? default : values.AsSpan(size, size);
        var types = binding.Types is null ? default : values.AsSpan(binding.Mask is null ? size : 2 * size, size);
        for (var row = 0; row < rows; row++)
        {
            // Rows that only fill a fixed batch repeat the last one: an empty row could divide by zero.
            var item = items[Math.Min(row, items.Length - 1)];
            var start = row * width;
            var length = item.Ids.Length;
            Copy(item.Ids, ids.Slice(start, length));
            ids.Slice(start + length, width - length).Fill(pad);
            if (!mask.IsEmpty)
            {
                mask.Slice(start, length).Fill(T.One);
                mask.Slice(start + length, width - length).Clear();
            }

            if (!types.IsEmpty)
            {
                types.Slice(start, width).Clear();
                if (item.TypeIds is { } kinds)
                {
                    Copy(kinds, types.Slice(start, length));
                }
            }
        }
    }

    private static void Copy<T>(int[] from, Span<T> to)
        where T : unmanaged, INumberBase<T>
    {
        for (var i = 0; i < from.Length; i++)
        {
            to[i] = T.CreateTruncating(from[i]);
        }
    }

    private readonly record struct FilledInputs(OrtValue[] Values, int Rows, int Width);
}
