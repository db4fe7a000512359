using AiAssignments.Core.Errors;
using AiAssignments.Optimization.Graphs;
using AiAssignments.Optimization.Passes;
using AiAssignments.Optimization.Quantization.Numerics;

namespace AiAssignments.Optimization.Quantization.Dynamic;

/// <summary>
/// Weights of <c>MatMul</c>, <c>Gemm</c> and <c>Gather</c> become 8-bit integers; activations are quantized at run time by <c>DynamicQuantizeLinear</c> and
/// multiplied by <c>MatMulInteger</c>, in the pattern that ONNX Runtime fuses into <c>DynamicQuantizeMatMul</c> and <c>MatMulIntegerToFloat</c>. A table that is
/// looked up in and multiplied with, turned or not, is stored once. A weight that one product takes as it is and another turned has other channels for each: with a
/// scale a channel it is stored twice, which is still half of its float32, and with one scale once. Needs no data. Products of two activations (attention) stay in float.
/// </summary>
public sealed class DynamicInt8Pass : IGraphPass, IInPlacePass
{
    private readonly DynamicInt8Options options;

    /// <summary>Makes the pass.</summary>
    /// <param name="options">How it quantizes; <c>null</c> for the defaults.</param>
    public DynamicInt8Pass(DynamicInt8Options? options = null) => this.options = options ?? new();

    /// <inheritdoc />
    public string Name => options.Symmetric ? "quantize:dynamic-int8" : "quantize:dynamic-uint8";

    /// <inheritdoc />
    /// <exception cref="ProblemException">
    /// As <see cref="GraphPassRunner.RunAsync"/>, and <c>already-quantized</c>, <c>opset-too-old</c>, <c>unknown-node</c>, <c>nothing-to-quantize</c>.
    /// </exception>
    public Task<PassResult> RunAsync(string sourceOnnx, string targetOnnx, IProgress<PassProgress>? progress, CancellationToken cancellationToken) =>
        GraphPassRunner.RunAsync(sourceOnnx, targetOnnx, (model, report, work, stop) => ((IInPlacePass)this).ChangeAsync(model, report, work, progress, stop), cancellationToken);

    Task IInPlacePass.ChangeAsync(OnnxModel model, PassReport report, string workFolder, IProgress<PassProgress>? progress, CancellationToken cancellationToken)
    {
        QuantizationSteps.Prepare(model, options.Nodes, report);
        var format = new WeightFormat(options.Symmetric, options.PerChannel, QuantizationSteps.IsReduced(options.ReducedRange));
        var doubled = new List<string>();
        var candidates = DynamicCandidates.Find(model, options, report, doubled: doubled);
        var rewrite = new DynamicRewrite(model, format, new GraphNames(model.Proto), candidates);
        foreach (var (done, candidate) in candidates.Index())
        {
            cancellationToken.ThrowIfCancellationRequested();
            progress?.Report(new PassProgress("quantize weights", done, candidates.Count));
            if (rewrite.Rewrite(candidate) is { } why)
            {
                report.Left(candidate.Label, why);
            }
        }

        QuantizationSteps.RefuseNothing(rewrite.Rewritten, "MatMul, Gemm or Gather with float weights", report);
        rewrite.Apply();
        UnusedConstants.Remove(model.Proto);
        progress?.Report(new PassProgress("quantize weights", candidates.Count, candidates.Count));
        report.Fact(PassFact.Of("nodes-quantized", rewrite.Rewritten, "nodes"));
        report.Fact(PassFact.Of("weights-quantized", rewrite.Weights, "weights"));
        report.Fact(PassFact.Of("weights-left-in-float", QuantizationSteps.FloatsLeft(model.Proto), "weights"));
        report.Fact(PassFact.Of("nodes-left-in-float", report.LeftCount, "nodes"));
        QuantizationSteps.ReportRange(report, format.IsReduced);
        if (doubled.Count > 0)
        {
            report.Note($"In the file twice, in integers and in float, because a node that stays in float uses the same weight: that of {string.Join(", ", doubled.Take(20))}{(doubled.Count > 20 ? $" and {doubled.Count - 20} more" : string.Empty)}. It is faster so, and larger.");
        }

        return Task.CompletedTask;
    }
}
