using AiAssignments.Core.Errors;
using AiAssignments.Optimization.Graphs;
using AiAssignments.Optimization.Passes;
using AiAssignments.Optimization.Quantization.Calibration;

namespace AiAssignments.Optimization.Quantization.Sensitivity;

/// <summary>
/// Measures what each layer costs: quantizes it alone, everything else in float, and compares the model's outputs on the same batches. The layers that hurt most
/// come first, which is the order in which a search for an acceptable model leaves them in float.
/// </summary>
public sealed class SensitivityRanking
{
    private static readonly HashSet<string> Layers = new(StringComparer.Ordinal) { "MatMul", "Gemm", "Conv", "Gather" };
    private readonly ICalibrationSource source;
    private readonly Func<NodeSelection, IGraphPass> pass;
    private readonly int mostBatches;
    private readonly NodeSelection among;

    /// <summary>Makes the ranking.</summary>
    /// <param name="source">Batches to compare outputs on.</param>
    /// <param name="pass">Makes the pass for a selection of nodes, for example <c>nodes => new DynamicInt8Pass(options with { Nodes = nodes })</c>.</param>
    /// <param name="mostBatches">Batches used at most. Default 8.</param>
    /// <param name="among">Nodes that are ranked. Default all.</param>
    public SensitivityRanking(ICalibrationSource source, Func<NodeSelection, IGraphPass> pass, int mostBatches = 8, NodeSelection? among = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentOutOfRangeException.ThrowIfLessThan(mostBatches, 1);
        (this.source, this.pass, this.mostBatches, this.among) = (source, pass, mostBatches, among ?? NodeSelection.All);
    }

    /// <summary>Ranks the layers of a model. Takes about as long as loading the model and running the batches, once for each layer.</summary>
    /// <param name="sourceOnnx">The float model.</param>
    /// <param name="workFolder">An existing folder for scratch files as large as the model; what was written is removed.</param>
    /// <param name="progress">Told how far the work is; may be <c>null</c>.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>Layers that the pass can quantize, the most sensitive first; equal ones in the order of the graph.</returns>
    /// <exception cref="ProblemException">As the pass, and <c>calibration-empty</c>, <c>calibration-input</c>.</exception>
    public async Task<IReadOnlyList<LayerSensitivity>> RankAsync(string sourceOnnx, string workFolder, IProgress<PassProgress>? progress, CancellationToken cancellationToken)
    {
        var work = Directory.CreateDirectory(Path.Combine(workFolder, ".sensitivity.partial")).FullName;
        try
        {
            var expected = await OutputsAsync(sourceOnnx, cancellationToken).ConfigureAwait(false);
            var layers = Candidates(sourceOnnx);
            var ranked = new List<LayerSensitivity>();
            foreach (var (done, (label, type)) in layers.Index())
            {
                progress?.Report(new PassProgress("measure layers", done, layers.Count));
                var target = Path.Combine(work, "layer.onnx");
                if (await QuantizeAsync(sourceOnnx, target, label, cancellationToken).ConfigureAwait(false) is { } weights)
                {
                    var found = await OutputsAsync(target, cancellationToken).ConfigureAwait(false);
                    ranked.Add(new LayerSensitivity(label, type, Noise(expected, found), weights));
                }
            }

            progress?.Report(new PassProgress("measure layers", layers.Count, layers.Count));
            return [.. ranked.OrderByDescending(layer => layer.NoiseToSignal)];
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private List<(string Label, string Type)> Candidates(string path)
    {
        using var model = OnnxModel.Load(path);
        return [.. GraphIndex.Of(model.Proto).Nodes()
            .Where(item => Layers.Contains(item.Node.OpType) && OnnxModel.Is(item.Node, item.Node.OpType) && among.Takes(item.Node))
            .Where(item => item.Node.Input.Take(2).Any(name => GraphConstants.Find(item.Scope.Find(name)) is { } constant && TensorReader.IsFloating(constant.Tensor)))
            .Select(item => (item.Node.Label(), item.Node.OpType))
            .Distinct()];
    }

    /// <returns>Weights quantized; <c>null</c> when the pass leaves this node alone.</returns>
    private async Task<long?> QuantizeAsync(string sourceOnnx, string target, string label, CancellationToken cancellationToken)
    {
        var one = pass(NodeSelection.All with { Include = [label] });
        try
        {
            PassResult result;
            if (one is IInPlacePass inPlace)
            {
                using var model = OnnxModel.Load(sourceOnnx);
                var report = new PassReport();
                await inPlace.ChangeAsync(model, report, Path.GetDirectoryName(target)!, null, cancellationToken).ConfigureAwait(false);
                model.Save(target, cancellationToken: cancellationToken);
                result = report.Result();
            }
            else
            {
                result = await one.RunAsync(sourceOnnx, target, null, cancellationToken).ConfigureAwait(false);
            }

            var weights = result.Facts.FirstOrDefault(fact => fact.Name is "weights-quantized" or "weights-converted")?.Value;
            return long.TryParse(weights, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var count) ? count : 0;
        }
        catch (ProblemException nothing) when (nothing.Problem.Code == "nothing-to-quantize")
        {
            return null;
        }
    }

    private async Task<List<float[]>> OutputsAsync(string path, CancellationToken cancellationToken)
    {
        var outputs = new List<float[]>();
        using var session = FeedSession.Open(path);
        var batches = 0;
        await foreach (var batch in source.BatchesAsync(cancellationToken).ConfigureAwait(false))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (batches++ == mostBatches)
            {
                break;
            }

            session.Run(batch, session.FloatOutputs, (_, values) => outputs.Add(values.ToArray()));
        }

        return outputs.Count > 0 ? outputs : throw new ProblemException("calibration-empty", "There is nothing to compare: no batch, or no floating-point output.");
    }

    private static double Noise(List<float[]> expected, List<float[]> found)
    {
        var (noise, signal) = (0.0, 0.0);
        foreach (var (before, after) in expected.Zip(found))
        {
            if (before.Length != after.Length)
            {
                // So large a change that even the number of results is another.
                return double.PositiveInfinity;
            }

            for (var i = 0; i < before.Length; i++)
            {
                // Equal infinities are no difference, and no number is their difference.
                var difference = before[i].Equals(after[i]) ? 0 : (double)before[i] - after[i];
                if (!double.IsFinite(difference))
                {
                    return double.PositiveInfinity;
                }

                noise += difference * difference;
                signal += float.IsFinite(before[i]) ? (double)before[i] * before[i] : 0;
            }
        }

        return signal > 0 ? noise / signal : noise;
    }
}
