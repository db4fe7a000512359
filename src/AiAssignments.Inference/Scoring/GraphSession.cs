using AiAssignments.Core.Errors;
using AiAssignments.Core.Models;
using AiAssignments.Inference.Models;
using AiAssignments.Inference.Runtime;
using Microsoft.ML.OnnxRuntime;

namespace AiAssignments.Inference.Scoring;

/// <summary>A graph in ONNX Runtime, for evaluating and for serving: runs batches and holds the logits' shape against the card. Thread-safe.</summary>
internal sealed class GraphSession : IDisposable
{
    private readonly SharedSession shared;
    private readonly LoadedSession loaded;
    private readonly ModelPackage package;
    private readonly TimeProvider time;

    // A run that fails says why to whoever asked; a line on the console would say it again, for each bad request.
    private readonly RunOptions runOptions = new() { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
    private readonly string[] outputs;
    private readonly int device;

    public GraphSession(ModelPackage package, RuntimeOptions runtime, TimeProvider time)
    {
        (this.package, this.time, device) = (package, time, runtime.DeviceId);
        outputs = [package.Binding.Output];
        InputNames = [package.Binding.Ids, .. new[] { package.Binding.Mask, package.Binding.Types }.OfType<string>()];
        shared = SharedSessions.Rent(package, runtime);
        loaded = shared.Loaded;
    }

    /// <summary>Reads the logits: row-major, <c>rows x positions x labels</c>.</summary>
    public delegate void LogitsReader(ReadOnlySpan<float> logits);

    /// <summary>Reads all outputs asked for, in order.</summary>
    public delegate void OutputsReader(IReadOnlyList<OrtValue> outputs);

    public string Provider => loaded.Provider;

    public ModelBinding Binding => package.Binding;

    /// <summary>Names of the inputs in the order in which values are given.</summary>
    public string[] InputNames { get; }

    /// <summary>Runs one batch.</summary>
    /// <param name="inputs">One value an input.</param>
    /// <param name="rows">Rows of the batch, padding rows included.</param>
    /// <param name="positions">Positions of the output, 1 for a classification.</param>
    /// <param name="read">Given the logits.</param>
    /// <returns>The time of the run.</returns>
    public TimeSpan Run(OrtValue[] inputs, int rows, int positions, LogitsReader read) => Run(
        InputNames,
        inputs,
        outputs,
        values =>
        {
            CheckShape(values[0].GetTensorTypeAndShape().Shape, rows, positions);
            read(values[0].GetTensorDataAsSpan<float>());
        });

    /// <summary>Runs the graph for any of its outputs.</summary>
    /// <param name="names">Names of the inputs.</param>
    /// <param name="inputs">Their values.</param>
    /// <param name="wanted">Names of the outputs.</param>
    /// <param name="read">Given their values, which end with the call.</param>
    /// <returns>The time of the run.</returns>
    public TimeSpan Run(IReadOnlyCollection<string> names, IReadOnlyCollection<OrtValue> inputs, IReadOnlyCollection<string> wanted, OutputsReader read)
    {
        try
        {
            var start = time.GetTimestamp();
            using var results = loaded.Session.Run(runOptions, names, inputs, wanted);
            var elapsed = time.GetElapsedTime(start);
            read(results);
            return elapsed;
        }
        catch (OnnxRuntimeException failed)
        {
            throw new ProblemException(new("inference-failed", $"ONNX Runtime stopped at this graph: {failed.Message}", package.OnnxPath), failed);
        }
    }

    /// <summary>Runs one batch and has the arena give the memory that no run holds back to the system.</summary>
    /// <param name="inputs">One value an input.</param>
    public void Shrink(OrtValue[] inputs)
    {
        using var shrinking = new RunOptions();
        shrinking.AddRunConfigEntry("memory.enable_memory_arena_shrinkage", Provider == "CUDA" ? $"cpu:0;gpu:{device}" : "cpu:0");
        loaded.Session.Run(shrinking, InputNames, inputs, outputs).Dispose();
    }

    public void Dispose()
    {
        shared.Dispose();
        runOptions.Dispose();
    }

    private void CheckShape(long[] found, int rows, int positions)
    {
        var labels = package.Card.Labels.Count;
        var tagger = package.Binding.Task == ModelTask.TokenClassification;
        if (tagger
            ? found is [var a, var b, var c] && a == rows && b == positions && c == labels
            : found is [var d, var e] && d == rows && e == labels)
        {
            return;
        }

        long[] wanted = tagger ? [rows, positions, labels] : [rows, labels];
        var (code, hint) = found.Length == wanted.Length && found[^1] != labels
            ? ("model-label-count", $"; the card has {labels} labels")
            : ("model-output-mismatch", string.Empty);
        throw new ProblemException(
            code,
            $"The graph gave '{package.Binding.Output}' as [{string.Join(", ", found)}]; [{string.Join(", ", wanted)}] is needed{hint}.",
            package.OnnxPath);
    }
}
