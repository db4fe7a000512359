using AiAssignments.Core.Errors;
using Microsoft.ML.OnnxRuntime;

namespace AiAssignments.Optimization.Quantization.Calibration;

/// <summary>An ONNX Runtime session that takes calibration batches.</summary>
internal sealed class FeedSession : IDisposable
{
    private readonly InferenceSession session;
    private readonly RunOptions options = new();

    private FeedSession(InferenceSession session) => this.session = session;

    /// <summary>Names of all outputs of float32.</summary>
    public string[] FloatOutputs =>
        [.. session.OutputMetadata.Where(output => output.Value.OnnxValueType == OnnxValueType.ONNX_TYPE_TENSOR && output.Value.ElementType == typeof(float)).Select(output => output.Key)];

    public static FeedSession Open(string path)
    {
        using var settings = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        try
        {
            return new(new InferenceSession(path, settings));
        }
        catch (OnnxRuntimeException refused)
        {
            throw new ProblemException(new("model-load-failed", $"ONNX Runtime does not take this graph: {refused.Message.Split('\n')[0]}", path), refused);
        }
    }

    /// <summary>Runs one batch.</summary>
    /// <exception cref="ProblemException"><c>calibration-input</c>: the model does not take this batch.</exception>
    public void Run(CalibrationBatch batch, string[] outputs, Action<string, ReadOnlySpan<float>> see)
    {
        if (outputs.Length == 0)
        {
            return;
        }

        var missing = session.InputNames.Except(batch.Tensors.Select(tensor => tensor.Name)).Concat(batch.Tensors.Select(tensor => tensor.Name).Except(session.InputNames)).ToList();
        if (missing.Count > 0)
        {
            throw new ProblemException("calibration-input", $"The model's inputs are {string.Join(", ", session.InputNames)}; the calibration batch differs in {string.Join(", ", missing)}.");
        }

        var inputs = batch.Tensors.Select(Value).ToList();
        try
        {
            using var results = session.Run(options, [.. batch.Tensors.Select(tensor => tensor.Name)], inputs, outputs);
            for (var i = 0; i < outputs.Length; i++)
            {
                see(outputs[i], results[i].GetTensorDataAsSpan<float>());
            }
        }
        catch (OnnxRuntimeException refused)
        {
            throw new ProblemException(new("calibration-input", $"ONNX Runtime cannot run a calibration batch: {refused.Message.Split('\n')[0]}"), refused);
        }
        finally
        {
            inputs.ForEach(input => input.Dispose());
        }
    }

    public void Dispose()
    {
        options.Dispose();
        session.Dispose();
    }

    // Graphs of some exporters take ids as int32.
    private OrtValue Value(CalibrationTensor tensor) => tensor.Floats is { } floats
        ? OrtValue.CreateTensorValueFromMemory(floats, [.. tensor.Shape])
        : session.InputMetadata[tensor.Name].ElementType == typeof(int)
            ? OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(tensor.Longs!, value => checked((int)value)), [.. tensor.Shape])
            : OrtValue.CreateTensorValueFromMemory(tensor.Longs!, [.. tensor.Shape]);
}
