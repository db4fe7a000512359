using System.Buffers;
using System.Numerics;
using AiAssignments.Inference.Models;
using Microsoft.ML.OnnxRuntime;

namespace AiAssignments.Inference.Scoring;

/// <summary>The integer tensors of one batch of rows, in rented memory.</summary>
internal static class SequenceInputs
{
    /// <summary>Fills and runs a batch.</summary>
    /// <param name="runner">The graph.</param>
    /// <param name="binding">Its inputs.</param>
    /// <param name="items">All rows.</param>
    /// <param name="batch">The rows of this batch; none is empty.</param>
    /// <param name="padId">Fills short rows.</param>
    /// <param name="idsPerPosition">Ids that make one position.</param>
    /// <param name="read">Given the logits.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>Positions of a row, and the run's time.</returns>
    public static async Task<TimeSpan> RunAsync<T>(
        GraphRunner runner,
        ModelBinding binding,
        List<SequenceItem> items,
        ArraySegment<int> batch,
        int padId,
        int idsPerPosition,
        GraphRunner.LogitsReader read,
        CancellationToken cancellationToken)
        where T : unmanaged, INumberBase<T>
    {
        var width = Width(items, batch, binding, idsPerPosition);
        var rows = binding.FixedBatch ?? batch.Count;
        var size = checked(rows * width);
        var rented = ArrayPool<T>.Shared.Rent(checked(size * runner.InputNames.Length));
        var values = new OrtValue[runner.InputNames.Length];
        try
        {
            Fill(rented, items, batch, binding, rows, width, T.CreateChecked(padId));
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, rented.AsMemory(i * size, size), [rows, width]);
            }

            return await runner.RunAsync(values, rows, width / idsPerPosition, read, cancellationToken).ConfigureAwait(false);
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

    /// <summary>Ids of a row of this batch.</summary>
    public static int Width(List<SequenceItem> items, ArraySegment<int> batch, ModelBinding binding, int idsPerPosition)
    {
        var longest = idsPerPosition;
        foreach (var item in batch)
        {
            longest = Math.Max(longest, items[item].Ids.Length);
        }

        return binding.FixedLength ?? longest;
    }

    private static void Fill<T>(T[] values, List<SequenceItem> items, ArraySegment<int> batch, ModelBinding binding, int rows, int width, T pad)
        where T : unmanaged, INumberBase<T>
    {
        var size = rows * width;
        var ids = values.AsSpan(0, size);
        var mask = binding.Mask is null ? default : values.AsSpan(size, size);
        var types = binding.Types is null ? default : values.AsSpan(binding.Mask is null ? size : 2 * size, size);
        for (var row = 0; row < rows; row++)
        {
            // Rows that only fill a fixed batch repeat the last one: an empty row could divide by zero.
            var item = items[batch[Math.Min(row, batch.Count - 1)]];
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
}
