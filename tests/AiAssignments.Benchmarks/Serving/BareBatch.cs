using Microsoft.ML.OnnxRuntime;

namespace AiAssignments.Benchmarks.Serving;

/// <summary>One batch in a bare session.</summary>
internal static class BareBatch
{
    private static readonly string[] Inputs = ["input_ids", "attention_mask", "token_type_ids"];
    private static readonly string[] Outputs = ["logits"];

    /// <summary>Runs rows padded to the longest.</summary>
    /// <returns>The first logit of each row.</returns>
    public static float[] Run(InferenceSession session, List<int[]> rows)
    {
        var width = rows.Max(row => row.Length);
        var ids = new long[rows.Count * width];
        var mask = new long[ids.Length];
        for (var row = 0; row < rows.Count; row++)
        {
            for (var i = 0; i < rows[row].Length; i++)
            {
                ids[(row * width) + i] = rows[row][i];
                mask[(row * width) + i] = 1;
            }
        }

        long[] shape = [rows.Count, width];
        using var options = new RunOptions();
        using var idValue = OrtValue.CreateTensorValueFromMemory(ids, shape);
        using var maskValue = OrtValue.CreateTensorValueFromMemory(mask, shape);
        using var typeValue = OrtValue.CreateTensorValueFromMemory(new long[ids.Length], shape);
        using var results = session.Run(options, Inputs, [idValue, maskValue, typeValue], Outputs);
        var logits = results[0].GetTensorDataAsSpan<float>();
        var first = new float[rows.Count];
        for (var row = 0; row < first.Length; row++)
        {
            first[row] = logits[row * logits.Length / rows.Count];
        }

        return first;
    }
}
