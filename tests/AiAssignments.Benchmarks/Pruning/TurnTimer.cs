using System.Diagnostics;
using Microsoft.ML.OnnxRuntime;

namespace AiAssignments.Benchmarks.Pruning;

/// <summary>One model in ONNX Runtime, timed on one batch of seeded inputs: images for a float input, token ids for the others.</summary>
internal sealed class TurnTimer : IDisposable
{
    private readonly InferenceSession session;
    private readonly RunOptions runOptions = new();
    private readonly List<double> times = [];
    private OrtValue[] inputs = [];

    public TurnTimer(string path)
    {
        using var options = new SessionOptions { IntraOpNumThreads = Environment.ProcessorCount, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        session = new InferenceSession(path, options);
    }

    /// <summary>Median of the runs since <see cref="Bind"/>, in milliseconds.</summary>
    public double Median => times.Order().ElementAt(times.Count / 2);

    /// <summary>Makes a batch, and runs it once without counting.</summary>
    public void Bind(int batch, int length)
    {
        Release();
        var random = new Random(7);
        inputs = [.. session.InputMetadata.Select(input => input.Value.ElementType == typeof(float)
            ? OrtValue.CreateTensorValueFromMemory([.. Enumerable.Range(0, batch * 3072).Select(_ => (float)((random.NextDouble() * 4) - 2))], [batch, 3, 32, 32])
            : OrtValue.CreateTensorValueFromMemory([.. Enumerable.Range(0, batch * length).Select(_ => input.Key switch { "input_ids" => random.NextInt64(30000), "attention_mask" => 1L, _ => 0L })], [batch, length]))];
        Run();
        times.Clear();
    }

    public void Run()
    {
        var start = Stopwatch.GetTimestamp();
        using var outputs = session.Run(runOptions, session.InputNames, inputs, session.OutputNames);
        times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
    }

    /// <summary>The most likely class of each image.</summary>
    public int[] Classify(float[] images, int count)
    {
        using var input = OrtValue.CreateTensorValueFromMemory(images, [count, 3, 32, 32]);
        using var outputs = session.Run(runOptions, session.InputNames, [input], session.OutputNames);
        var logits = outputs[0].GetTensorDataAsSpan<float>();
        var answers = new int[count];
        for (var at = 0; at < count; at++)
        {
            answers[at] = System.Numerics.Tensors.TensorPrimitives.IndexOfMax(logits.Slice(at * 10, 10));
        }

        return answers;
    }

    public void Dispose()
    {
        Release();
        runOptions.Dispose();
        session.Dispose();
    }

    private void Release()
    {
        foreach (var input in inputs)
        {
            input.Dispose();
        }
    }
}
