using System.Globalization;
using AiAssignments.Core.Errors;
using AiAssignments.Optimization.Graphs;
using AiAssignments.Optimization.Passes;
using AiAssignments.Optimization.Quantization;

namespace AiAssignments.Optimization.Pruning.Magnitude;

/// <summary>
/// Unstructured pruning by magnitude (Han et al. 2015, 'Learning both Weights and Connections for Efficient Neural Networks'): the weights nearest to zero become
/// zero, exactly <c>round(amount * weights)</c> of them. Weights are those of <c>MatMul</c>, <c>Gemm</c>, <c>Conv</c> and <c>ConvTranspose</c>, in float32 or float16, in
/// all graphs; a weight used twice counts once. Of equal magnitudes, the first in the order of the file becomes zero. The graph keeps its shape and its speed.
/// </summary>
public sealed class MagnitudePruningPass : IGraphPass, IInPlacePass
{
    private readonly MagnitudePruningOptions options;

    /// <summary>Makes the pass.</summary>
    /// <param name="options">How it prunes; <c>null</c> for the defaults.</param>
    public MagnitudePruningPass(MagnitudePruningOptions? options = null) => this.options = options ?? new();

    /// <inheritdoc />
    public string Name => $"prune:{(options.Scope == PruningScope.Global ? "unstructured" : "per-layer")}-{PruningLimits.Text(options.Amount)}";

    /// <inheritdoc />
    /// <exception cref="ProblemException">
    /// As <see cref="GraphPassRunner.RunAsync"/>, and <c>already-quantized</c>, <c>opset-too-old</c>, <c>unknown-node</c>, <c>pruning-option</c>,
    /// <c>nothing-to-prune</c>, <c>already-pruned</c>.
    /// </exception>
    public Task<PassResult> RunAsync(string sourceOnnx, string targetOnnx, IProgress<PassProgress>? progress, CancellationToken cancellationToken) =>
        GraphPassRunner.RunAsync(sourceOnnx, targetOnnx, (model, report, work, stop) => ((IInPlacePass)this).ChangeAsync(model, report, work, progress, stop), cancellationToken);

    Task IInPlacePass.ChangeAsync(OnnxModel model, PassReport report, string workFolder, IProgress<PassProgress>? progress, CancellationToken cancellationToken)
    {
        PruningLimits.CheckAmount(options.Amount);
        QuantizationSteps.Prepare(model, options.Nodes, report);
        var weights = PrunableWeights.Find(model, options.Nodes, options.Embeddings, report);
        PrunableWeights.RefuseNone(weights.Count, "weight of a product or a convolution", report);
        var groups = options.Scope == PruningScope.Global ? [weights] : weights.Select(weight => (IReadOnlyList<PrunableWeight>)[weight]).ToList();
        var asked = groups.Sum(group => PruningLimits.Share(options.Amount, group.Sum(weight => weight.Count)));
        var counts = new List<ZeroCount>();
        foreach (var group in groups)
        {
            var share = PruningLimits.Share(options.Amount, group.Sum(weight => weight.Count));
            var smallest = share == 0 ? null : SmallestMagnitudes.Of(() => Tensors(model, group, cancellationToken), share);
            foreach (var weight in group)
            {
                progress?.Report(new PassProgress("prune weights", counts.Count, weights.Count));
                cancellationToken.ThrowIfCancellationRequested();
                var before = ZeroReport.Zeros(model, weight.Tensor);
                Prune(model, weight, smallest);
                counts.Add(new ZeroCount(weight, before, options.Scope == PruningScope.Global ? null : share, ZeroReport.Zeros(model, weight.Tensor)));
            }
        }

        ZeroReport.Write(model, counts, asked, report);
        if (!options.Embeddings)
        {
            NoteTables(model, report);
        }

        return Task.CompletedTask;
    }

    private void NoteTables(OnnxModel model, PassReport report)
    {
        var own = PrunableWeights.Find(model, options.Nodes, withTables: false, new PassReport()).Sum(weight => weight.Count);
        var all = PrunableWeights.Find(model, options.Nodes, withTables: true, new PassReport()).Sum(weight => weight.Count);
        if (all > own)
        {
            report.Note(string.Create(
                CultureInfo.InvariantCulture,
                $"The share is of the {own:N0} weights of products and convolutions; {all - own:N0} of embedding tables were left alone, which can be asked for, too (embeddings)."));
        }
    }

    private static IEnumerable<float[]> Tensors(OnnxModel model, IReadOnlyList<PrunableWeight> weights, CancellationToken cancellationToken)
    {
        foreach (var weight in weights)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return model.Tensors.Floats(weight.Tensor);
        }
    }

    private static void Prune(OnnxModel model, PrunableWeight weight, SmallestMagnitudes? smallest)
    {
        if (smallest is null)
        {
            return;
        }

        var values = model.Tensors.Floats(weight.Tensor);
        var bytes = ElementBytes.Read(model, weight.Tensor);
        for (var at = 0; at < values.Length; at++)
        {
            if (smallest.TakesNext(values[at]))
            {
                bytes.Clear(at);
            }
        }

        bytes.Write(weight.Tensor, weight.Tensor.Dims);
    }
}
