using System.Numerics;
using AiAssignments.Core.Errors;
using AiAssignments.Optimization.Graphs;
using AiAssignments.Optimization.Passes;
using AiAssignments.Optimization.Quantization.Dynamic;
using AiAssignments.Optimization.Quantization.Numerics;

namespace AiAssignments.Optimization.Quantization.NBits;

/// <summary>
/// Weights of <c>MatMul</c> and <c>Gemm</c> in 4 bits, for size: ONNX Runtime's <c>com.microsoft:MatMulNBits</c>. Activations stay in float32. A weight that stays in
/// the file in float for another node is left alone. Other runtimes do not know the operator.
/// </summary>
public sealed class FourBitPass : IGraphPass, IInPlacePass
{
    private readonly FourBitOptions options;

    /// <summary>Makes the pass.</summary>
    /// <param name="options">How it quantizes; <c>null</c> for the defaults.</param>
    public FourBitPass(FourBitOptions? options = null) => this.options = options ?? new();

    /// <inheritdoc />
    public string Name => "quantize:weights-int4";

    /// <inheritdoc />
    /// <exception cref="ProblemException">
    /// As <see cref="GraphPassRunner.RunAsync"/>, and <c>already-quantized</c>, <c>opset-too-old</c>, <c>unknown-node</c>, <c>nothing-to-quantize</c>,
    /// <c>block-size</c>.
    /// </exception>
    public Task<PassResult> RunAsync(string sourceOnnx, string targetOnnx, IProgress<PassProgress>? progress, CancellationToken cancellationToken) =>
        GraphPassRunner.RunAsync(sourceOnnx, targetOnnx, (model, report, work, stop) => ((IInPlacePass)this).ChangeAsync(model, report, work, progress, stop), cancellationToken);

    Task IInPlacePass.ChangeAsync(OnnxModel model, PassReport report, string workFolder, IProgress<PassProgress>? progress, CancellationToken cancellationToken)
    {
        if (options.BlockSize is < 16 or > 256 || !BitOperations.IsPow2(options.BlockSize))
        {
            throw new ProblemException("block-size", $"The block size is {options.BlockSize}; use 16, 32, 64, 128 or 256.");
        }

        QuantizationSteps.Prepare(model, options.Nodes, report);
        var search = new DynamicInt8Options { Nodes = options.Nodes, SmallestWeight = options.SmallestWeight, Embeddings = options.Embeddings };
        var candidates = DynamicCandidates.Find(model, search, report, isForSize: !options.BesideFloat);
        var names = new GraphNames(model.Proto);
        var tables = new DynamicRewrite(model, new WeightFormat(IsSymmetric: true, IsPerChannel: true, IsReduced: false), names, [.. candidates.Where(candidate => candidate.IsGather)]);
        var products = new FourBitRewrite(model, options, names);

        // What one product leaves in float is no smaller when 4 bits, or a table of integers, stand beside it. Products first, for what is found only then.
        var left = candidates.Where(candidate => !candidate.IsGather && products.Refusal(candidate) is not null).Select(candidate => candidate.Weight.Source).ToHashSet();
        foreach (var (done, candidate) in candidates.OrderBy(candidate => candidate.IsGather).Index())
        {
            cancellationToken.ThrowIfCancellationRequested();
            progress?.Report(new PassProgress("quantize weights", done, candidates.Count));
            var why = (candidate.IsGather ? null : products.Refusal(candidate))
                ?? (left.Contains(candidate.Weight.Source) && !options.BesideFloat ? DynamicCandidates.IsShared : candidate.IsGather ? tables.Rewrite(candidate) : products.Rewrite(candidate));
            if (why is not null)
            {
                left.Add(candidate.Weight.Source);
                report.Left(candidate.Label, why);
            }
        }

        QuantizationSteps.RefuseNothing(products.Rewritten + (options.TablesAlone ? tables.Rewritten : 0), "MatMul or Gemm with float weights", report);
        tables.Apply();
        products.Apply();
        model.RequireOpset("com.microsoft", 1);
        UnusedConstants.Remove(model.Proto);
        report.Fact(PassFact.Of("nodes-quantized", products.Rewritten + tables.Rewritten, "nodes"));
        report.Fact(PassFact.Of("weights-quantized", products.Weights + tables.Weights, "weights"));
        report.Fact(PassFact.Of("weights-in-4-bits", products.Weights, "weights"));
        report.Fact(PassFact.Of("weights-left-in-float", QuantizationSteps.FloatsLeft(model.Proto), "weights"));
        report.Fact(PassFact.Of("nodes-left-in-float", report.LeftCount, "nodes"));
        report.Fact(PassFact.Of("block-size", options.BlockSize, "weights"));
        return Task.CompletedTask;
    }
}
