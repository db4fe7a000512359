using AiAssignments.Core.Errors;
using AiAssignments.Optimization.Graphs;
using AiAssignments.Optimization.Passes;

namespace AiAssignments.Optimization.Quantization.Half;

/// <summary>
/// Converts weights and arithmetic to float16, for GPUs and for half the size. Inputs and outputs of the model stay as they are, with <c>Cast</c> nodes at the
/// boundary; operators that lose too much, or have no float16 form, stay in float32 between casts. ONNX Runtime on a CPU runs the result too, in float32.
/// </summary>
public sealed class Float16Pass : IGraphPass, IInPlacePass
{
    private readonly Float16Options options;

    /// <summary>Makes the pass.</summary>
    /// <param name="options">How it converts; <c>null</c> for the defaults.</param>
    public Float16Pass(Float16Options? options = null) => this.options = options ?? new();

    /// <inheritdoc />
    public string Name => "quantize:float16";

    /// <inheritdoc />
    /// <exception cref="ProblemException">
    /// As <see cref="GraphPassRunner.RunAsync"/>, and <c>already-quantized</c>, <c>opset-too-old</c>, <c>unknown-node</c>, <c>nothing-to-quantize</c>.
    /// </exception>
    public Task<PassResult> RunAsync(string sourceOnnx, string targetOnnx, IProgress<PassProgress>? progress, CancellationToken cancellationToken) =>
        GraphPassRunner.RunAsync(sourceOnnx, targetOnnx, (model, report, work, stop) => ((IInPlacePass)this).ChangeAsync(model, report, work, progress, stop), cancellationToken);

    Task IInPlacePass.ChangeAsync(OnnxModel model, PassReport report, string workFolder, IProgress<PassProgress>? progress, CancellationToken cancellationToken)
    {
        QuantizationSteps.Prepare(model, options.Nodes, report);
        var rewrite = new Float16Rewrite(model, options);
        rewrite.Run(report, progress, cancellationToken);
        QuantizationSteps.RefuseNothing(rewrite.Weights > 0 ? rewrite.Converted : 0, "arithmetic on float32 weights", report);
        UnusedConstants.Remove(model.Proto);
        report.Fact(PassFact.Of("nodes-converted", rewrite.Converted, "nodes"));
        report.Fact(PassFact.Of("weights-converted", rewrite.Weights, "weights"));
        report.Fact(PassFact.Of("weights-clamped", rewrite.Clamped, "weights"));
        report.Fact(PassFact.Of("casts", rewrite.Casts, "nodes"));
        report.Fact(PassFact.Of("nodes-left-in-float", report.LeftCount, "nodes"));
        if (rewrite.Clamped > 0)
        {
            report.Note($"{rewrite.Clamped} weights lie outside of float16 and became its largest or smallest number of their sign.");
        }

        return Task.CompletedTask;
    }
}
