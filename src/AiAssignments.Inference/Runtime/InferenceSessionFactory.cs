using AiAssignments.Core.Errors;
using Microsoft.ML.OnnxRuntime;

namespace AiAssignments.Inference.Runtime;

/// <summary>Opens ONNX Runtime sessions the same way everywhere.</summary>
public static class InferenceSessionFactory
{
    /// <summary>Opens a session on a graph that <see cref="Onnx.Inspection.OnnxInspector"/> has passed.</summary>
    /// <param name="path">The <c>.onnx</c> file.</param>
    /// <param name="options">How to run it.</param>
    /// <exception cref="ProblemException"><c>model-load-failed</c>: ONNX Runtime refuses the graph, and says why; <c>runtime-option</c>: an option is out of range.</exception>
    public static LoadedSession Open(string path, RuntimeOptions options)
    {
        Check(options);
        if (options.Device == "cuda" && TryOpenCuda(path, options) is { } onGpu)
        {
            return new(onGpu, "CUDA");
        }

        using var settings = Settings(options);
        return new(Open(path, settings), "CPU");
    }

    /// <summary>Refuses options that are out of range, before anything is computed from them.</summary>
    internal static void Check(RuntimeOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.IntraOpThreads is < 0 or > 1024)
        {
            throw new ProblemException("runtime-option", $"IntraOpThreads is {options.IntraOpThreads}; use 0 (all physical cores) to 1024.");
        }

        if (options.Device is not ("cpu" or "cuda"))
        {
            throw new ProblemException("runtime-option", $"Device is '{options.Device}'; use cpu or cuda.");
        }
    }

    private static InferenceSession? TryOpenCuda(string path, RuntimeOptions options)
    {
        using var settings = Settings(options);
        try
        {
            settings.AppendExecutionProvider_CUDA(options.DeviceId);
            return new InferenceSession(path, settings);
        }
        catch (Exception missing) when (missing is OnnxRuntimeException or EntryPointNotFoundException or DllNotFoundException)
        {
            options.Log?.Invoke($"CUDA was asked for and cannot be used ({FirstLine(missing.Message)}); running on the CPU.");
            return null;
        }
    }

    private static InferenceSession Open(string path, SessionOptions settings)
    {
        try
        {
            return new InferenceSession(path, settings);
        }
        catch (OnnxRuntimeException refused)
        {
            throw new ProblemException(new("model-load-failed", $"ONNX Runtime does not take this graph: {FirstLine(refused.Message)}", path), refused);
        }
    }

    private static SessionOptions Settings(RuntimeOptions options)
    {
        var settings = new SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            IntraOpNumThreads = options.IntraOpThreads == 0 ? Cores.Physical : options.IntraOpThreads,
            InterOpNumThreads = 1,
            EnableCpuMemArena = options.MemoryArena,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        settings.AddSessionConfigEntry("session.intra_op.allow_spinning", options.Spinning ? "1" : "0");
        settings.AddSessionConfigEntry("session.inter_op.allow_spinning", "0");
        return settings;
    }

    private static string FirstLine(string message)
    {
        var line = message.AsSpan().Trim();
        var end = line.IndexOfAny('\r', '\n');
        line = end < 0 ? line : line[..end];
        return line.Length > 300 ? string.Concat(line[..300], "…") : line.ToString();
    }
}
