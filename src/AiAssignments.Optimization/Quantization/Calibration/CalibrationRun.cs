using AiAssignments.Core.Errors;
using AiAssignments.Onnx;
using AiAssignments.Optimization.Graphs;
using AiAssignments.Optimization.Passes;
using DataType = AiAssignments.Onnx.TensorProto.Types.DataType;

namespace AiAssignments.Optimization.Quantization.Calibration;

/// <summary>Runs a float model on the calibration batches, with the activations asked for as outputs.</summary>
internal sealed class CalibrationRun(ICalibrationSource source, CalibrationMethod method, double percentile, int mostBatches)
{
    /// <summary>Measures ranges of values of the main graph; the model is saved with more outputs into the work folder, and left unchanged.</summary>
    /// <returns>A range for each value that was seen, and how many batches were.</returns>
    /// <exception cref="ProblemException"><c>calibration-empty</c>, <c>calibration-input</c>.</exception>
    public async Task<(IReadOnlyDictionary<string, ValueRange> Ranges, int Batches)> MeasureAsync(
        OnnxModel model, IReadOnlyCollection<string> names, string workFolder, IProgress<PassProgress>? progress, CancellationToken cancellationToken)
    {
        var observers = names.ToDictionary(name => name, _ => new RangeObserver(method, percentile), StringComparer.Ordinal);
        var isInput = model.Graph.Input.Select(input => input.Name).ToHashSet(StringComparer.Ordinal);
        var outputs = names.Where(name => !isInput.Contains(name)).ToArray();
        var path = SaveObserved(model, outputs, workFolder);
        var batches = 0;
        using (var session = FeedSession.Open(path))
        {
            await foreach (var batch in source.BatchesAsync(cancellationToken).ConfigureAwait(false))
            {
                if (batches == mostBatches)
                {
                    break;
                }

                progress?.Report(new PassProgress("calibrate", batches, mostBatches == int.MaxValue ? 0 : mostBatches));
                session.Run(batch, outputs, (name, values) => observers[name].See(values));
                foreach (var tensor in batch.Tensors.Where(tensor => tensor.Floats is not null && observers.ContainsKey(tensor.Name)))
                {
                    observers[tensor.Name].See(tensor.Floats);
                }

                batches++;
                cancellationToken.ThrowIfCancellationRequested();
            }
        }

        if (batches == 0)
        {
            throw new ProblemException("calibration-empty", "The calibration data holds no batch; give at least one record (some hundreds are usual).");
        }

        var ranges = observers.Select(pair => (pair.Key, Range: pair.Value.Range())).Where(pair => pair.Range is not null);
        return (ranges.ToDictionary(pair => pair.Key, pair => pair.Range!.Value, StringComparer.Ordinal), batches);
    }

    private static string SaveObserved(OnnxModel model, string[] outputs, string workFolder)
    {
        var graph = model.Graph;
        var existing = graph.Output.Count;
        var known = graph.Output.Select(output => output.Name).ToHashSet(StringComparer.Ordinal);
        graph.Output.AddRange(outputs.Where(known.Add).Select(name => new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)DataType.Float } },
        }));
        try
        {
            var path = Path.Combine(workFolder, "observed.onnx");
            model.Save(path);
            return path;
        }
        finally
        {
            while (graph.Output.Count > existing)
            {
                graph.Output.RemoveAt(graph.Output.Count - 1);
            }
        }
    }
}
