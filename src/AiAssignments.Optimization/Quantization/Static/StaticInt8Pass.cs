using AiAssignments.Core.Errors;
using AiAssignments.Optimization.Graphs;
using AiAssignments.Optimization.Passes;
using AiAssignments.Optimization.Quantization.Calibration;
using AiAssignments.Optimization.Quantization.Numerics;

namespace AiAssignments.Optimization.Quantization.Static;

/// <summary>
/// Static int8 for convolutional models, in QDQ form: weights of <c>Conv</c>, <c>Gemm</c> and <c>MatMul</c> are int8, their biases int32, activations uint8 with
/// ranges measured on calibration data. Pairs of QuantizeLinear and DequantizeLinear stand where ONNX Runtime fuses them into QLinearConv and its kin.
/// BatchNormalization behind a convolution is folded into it first. Only the main graph is quantized.
/// </summary>
public sealed class StaticInt8Pass : IGraphPass, IInPlacePass
{
    private readonly StaticInt8Options options;
    private readonly ICalibrationSource calibration;

    /// <summary>Makes the pass.</summary>
    /// <param name="calibration">Batches that stand for what the model will see.</param>
    /// <param name="options">How it quantizes; <c>null</c> for the defaults.</param>
    public StaticInt8Pass(ICalibrationSource calibration, StaticInt8Options? options = null)
    {
        ArgumentNullException.ThrowIfNull(calibration);
        this.calibration = calibration;
        this.options = options ?? new();
    }

    /// <inheritdoc />
    public string Name => "quantize:static-int8";

    /// <inheritdoc />
    /// <exception cref="ProblemException">
    /// As <see cref="GraphPassRunner.RunAsync"/>, and <c>already-quantized</c>, <c>opset-too-old</c>, <c>unknown-node</c>, <c>nothing-to-quantize</c>,
    /// <c>calibration-empty</c>, <c>calibration-input</c>, <c>calibration-option</c>.
    /// </exception>
    public Task<PassResult> RunAsync(string sourceOnnx, string targetOnnx, IProgress<PassProgress>? progress, CancellationToken cancellationToken) =>
        GraphPassRunner.RunAsync(sourceOnnx, targetOnnx, (model, report, work, stop) => ((IInPlacePass)this).ChangeAsync(model, report, work, progress, stop), cancellationToken);

    async Task IInPlacePass.ChangeAsync(OnnxModel model, PassReport report, string workFolder, IProgress<PassProgress>? progress, CancellationToken cancellationToken)
    {
        if (options.Percentile is not (> 50 and <= 100) || options.MostBatches < 1)
        {
            throw new ProblemException("calibration-option", "The percentile lies above 50 and at most at 100, and at least one batch is read.");
        }

        QuantizationSteps.Prepare(model, options.Nodes, report);
        var isPerChannel = options.PerChannel && (model.Opset >= OpsetRaise.PerChannel || OpsetRaise.TryRaise(model));
        if (options.PerChannel && !isPerChannel)
        {
            report.Note($"One scale for each weight: scales for each channel need operator set {OpsetRaise.PerChannel}, and an operator in this graph means something else there.");
        }

        var folded = BatchNormalizationFolding.Fold(model);
        var plan = StaticPlan.Make(model, options, report);
        QuantizationSteps.RefuseNothing(plan.Computing.Count, "Conv, Gemm or MatMul with constant float weights", report);
        var run = new CalibrationRun(calibration, options.Calibration, options.Percentile, options.MostBatches);
        var (ranges, batches) = await run.MeasureAsync(model, plan.Measured, workFolder, progress, cancellationToken).ConfigureAwait(false);
        var format = new WeightFormat(IsSymmetric: true, isPerChannel, QuantizationSteps.IsReduced(options.ReducedRange));
        var rewrite = new StaticRewrite(model, plan, ranges, format, report);
        rewrite.Run(progress, cancellationToken);
        QuantizationSteps.RefuseNothing(rewrite.Computed, "Conv, Gemm or MatMul whose input was seen", report);
        UnusedConstants.Remove(model.Proto);
        report.Fact(PassFact.Of("nodes-quantized", rewrite.Computed, "nodes"));
        report.Fact(PassFact.Of("weights-quantized", rewrite.Weights, "weights"));
        report.Fact(PassFact.Of("weights-left-in-float", QuantizationSteps.FloatsLeft(model.Proto), "weights"));
        report.Fact(PassFact.Of("nodes-left-in-float", report.LeftCount, "nodes"));
        report.Fact(PassFact.Of("activations-quantized", rewrite.Activations, "values"));
        report.Fact(PassFact.Of("batch-normalizations-folded", folded, "nodes"));
        report.Fact(new PassFact("calibration", options.Calibration.ToString().ToLowerInvariant()));
        report.Fact(PassFact.Of("calibration-batches", batches, "batches"));
        QuantizationSteps.ReportRange(report, format.IsReduced);
    }
}
