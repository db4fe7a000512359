using System.Diagnostics;
using Microsoft.ML.OnnxRuntime;

namespace AiAssignments.Benchmarks.Quantization;

/// <summary>One model in ONNX Runtime, fed with one batch of random token ids.</summary>
internal sealed class SessionTimer : IDisposable
{
    private readonly InferenceSession session;
    private readonly RunOptions runOptions = new();
    private readonly string[] names;
    private OrtValue[] inputs = [];

    public SessionTimer(string path)
    {
        using var options = new SessionOptions { GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL, IntraOpNumThreads = Environment.ProcessorCount };
        options.LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR;
        session = new InferenceSession(path, options);
        names = [.. session.InputNames];
    }

    /// <summary>Milliseconds of each run so far.</summary>
    public List<double> Times { get; } = [];

    public double Median => Times.Order().ElementAt(Times.Count / 2);

    /// <summary>Binds ids from 0 to 29,999, a mask of ones, and zeros for types.</summary>
    public void Bind(int batch, int length, int seed)
    {
        Release();
        Times.Clear();
        var random = new Random(seed);
        inputs = [.. names.Select(name => OrtValue.CreateTensorValueFromMemory(
            [.. Enumerable.Range(0, batch * length).Select(_ => name switch { "input_ids" => random.NextInt64(30000), "attention_mask" => 1L, _ => 0L })], [batch, length]))];
    }

    public float[] Run()
    {
        var start = Stopwatch.GetTimestamp();
        using var outputs = session.Run(runOptions, names, inputs, session.OutputNames);
        Times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        return outputs[0].GetTensorDataAsSpan<float>().ToArray();
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
