using System.Diagnostics;
using Microsoft.ML.OnnxRuntime;

namespace AiAssignments.Benchmarks.Scoring;

/// <summary>ONNX Runtime and nothing else: rows that were tokenized beforehand, in the order given, a fixed number at a time, padded to the longest of the batch.</summary>
internal static class BareLoop
{
    private static readonly string[] Inputs = ["input_ids", "attention_mask", "token_type_ids"];
    private static readonly string[] Outputs = ["logits"];

    /// <summary>Seconds for all rows.</summary>
    public static double Run(InferenceSession session, List<int[]> rows, int rowsPerBatch)
    {
        using var options = new RunOptions();
        var watch = Stopwatch.StartNew();
        for (var start = 0; start < rows.Count; start += rowsPerBatch)
        {
            var count = Math.Min(rowsPerBatch, rows.Count - start);
            var width = 0;
            for (var row = 0; row < count; row++)
            {
                width = Math.Max(width, rows[start + row].Length);
            }

            var ids = new long[count * width];
            var mask = new long[count * width];
            for (var row = 0; row < count; row++)
            {
                var from = rows[start + row];
                for (var i = 0; i < from.Length; i++)
                {
                    ids[(row * width) + i] = from[i];
                    mask[(row * width) + i] = 1;
                }
            }

            long[] shape = [count, width];
            using var idValue = OrtValue.CreateTensorValueFromMemory(ids, shape);
            using var maskValue = OrtValue.CreateTensorValueFromMemory(mask, shape);
            using var typeValue = OrtValue.CreateTensorValueFromMemory(new long[ids.Length], shape);
            using var results = session.Run(options, Inputs, [idValue, maskValue, typeValue], Outputs);
        }

        return watch.Elapsed.TotalSeconds;
    }
}
