using AiAssignments.Core.Errors;
using Microsoft.ML.OnnxRuntime;

namespace AiAssignments.Optimization.Passes;

/// <summary>Has ONNX Runtime load a graph, and throws it away.</summary>
internal static class RuntimeCheck
{
    public static void Load(string path, bool isOptimized, string code, string what)
    {
        try
        {
            using var options = new SessionOptions
            {
                GraphOptimizationLevel = isOptimized ? GraphOptimizationLevel.ORT_ENABLE_ALL : GraphOptimizationLevel.ORT_DISABLE_ALL,
                LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
                IntraOpNumThreads = 1,
            };
            options.AddSessionConfigEntry("session.disable_prepacking", "1");
            using var session = new InferenceSession(path, options);
        }
        catch (OnnxRuntimeException refused)
        {
            throw new ProblemException(new(code, $"{what}: {refused.Message.Split('\n')[0]}", path), refused);
        }
    }
}
