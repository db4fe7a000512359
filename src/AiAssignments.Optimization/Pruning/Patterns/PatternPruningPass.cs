using System.Globalization;
using AiAssignments.Core.Errors;
using AiAssignments.Optimization.Graphs;
using AiAssignments.Optimization.Passes;
using AiAssignments.Optimization.Quantization;

namespace AiAssignments.Optimization.Pruning.Patterns;

/// <summary>
/// N:M pruning (Mishra et al. 2021, 'Accelerating Sparse Deep Neural Networks', for 2:4): of every M weights in a row along the dimension that is summed over (inputs
/// of a product, input channels of a convolution at one place of its kernel), at most the N of largest magnitude stay; of equal ones, the later stay. Where M does not divide the
/// dimension, the remainder is a shorter group that keeps its N largest too, so that a remainder of N or fewer weights loses none. Processors gain no time from the
/// pattern; GPUs with sparse tensor cores do when a runtime makes use of it.
/// </summary>
public sealed class PatternPruningPass : IGraphPass, IInPlacePass
{
    private readonly PatternPruningOptions options;

    /// <summary>Makes the pass.</summary>
    /// <param name="options">How it prunes; <c>null</c> for the defaults.</param>
    public PatternPruningPass(PatternPruningOptions? options = null) => this.options = options ?? new();

    /// <inheritdoc />
    public string Name => string.Create(CultureInfo.InvariantCulture, $"prune:n-m-{options.N}-{options.M}");

    /// <inheritdoc />
    /// <exception cref="ProblemException">
    /// As <see cref="GraphPassRunner.RunAsync"/>, and <c>already-quantized</c>, <c>opset-too-old</c>, <c>unknown-node</c>, <c>pruning-option</c>,
    /// <c>nothing-to-prune</c>, <c>already-pruned</c>.
    /// </exception>
    public Task<PassResult> RunAsync(string sourceOnnx, string targetOnnx, IProgress<PassProgress>? progress, CancellationToken cancellationToken) =>
        GraphPassRunner.RunAsync(sourceOnnx, targetOnnx, (model, report, work, stop) => ((IInPlacePass)this).ChangeAsync(model, report, work, progress, stop), cancellationToken);

    Task IInPlacePass.ChangeAsync(OnnxModel model, PassReport report, string workFolder, IProgress<PassProgress>? progress, CancellationToken cancellationToken)
    {
        if (options.M is < 2 or > 64 || options.N < 1 || options.N >= options.M)
        {
            throw new ProblemException("pruning-option", string.Create(CultureInfo.InvariantCulture, $"The pattern is {options.N}:{options.M}; M must be 2 to 64 and N 1 to M - 1."));
        }

        QuantizationSteps.Prepare(model, options.Nodes, report);
        var found = PrunableWeights.Find(model, options.Nodes, withTables: false, report);
        foreach (var weight in found.Where(weight => weight.ReductionAxis < 0))
        {
            report.Left(weight.Label, "nodes that share its weight sum over different dimensions of it");
        }

        var weights = found.Where(weight => weight.ReductionAxis >= 0).ToList();
        PrunableWeights.RefuseNone(weights.Count, "weight of a product or a convolution", report);
        var counts = new List<ZeroCount>();
        var remainders = 0;
        foreach (var weight in weights)
        {
            cancellationToken.ThrowIfCancellationRequested();
            progress?.Report(new PassProgress("prune weights", counts.Count, weights.Count));
            var groups = new WeightGroups(weight.Tensor.Dims, weight.ReductionAxis, options.M);
            remainders += groups.Remainder > 0 ? 1 : 0;
            var before = ZeroReport.Zeros(model, weight.Tensor);
            Prune(model, weight, groups);
            counts.Add(new ZeroCount(weight, before, groups.Lines * Asked(groups), ZeroReport.Zeros(model, weight.Tensor)));
        }

        ZeroReport.Write(model, counts, counts.Sum(count => count.Asked!.Value), report);
        report.Fact(new PassFact("pattern", string.Create(CultureInfo.InvariantCulture, $"{options.N}:{options.M}")));
        if (remainders > 0)
        {
            report.Note(string.Create(
                CultureInfo.InvariantCulture,
                $"{options.M} does not divide the inputs of {remainders} weights: the last, shorter group of each row keeps its {options.N} largest weights like the others."));
        }

        return Task.CompletedTask;
    }

    private long Asked(WeightGroups groups) => (groups.Whole * (options.M - options.N)) + Math.Max(groups.Remainder - options.N, 0);

    private void Prune(OnnxModel model, PrunableWeight weight, WeightGroups groups)
    {
        var values = model.Tensors.Floats(weight.Tensor);
        var bytes = ElementBytes.Read(model, weight.Tensor);
        Span<int> order = stackalloc int[options.M];
        foreach (var (first, count) in groups.All())
        {
            for (var at = 0; at < count; at++)
            {
                order[at] = first + (at * groups.Stride);
            }

            var group = order[..count];
            group.Sort((left, right) => MathF.Abs(values[left]).CompareTo(MathF.Abs(values[right])) is var by and not 0 ? by : left.CompareTo(right));
            foreach (var element in group[..Math.Max(count - options.N, 0)])
            {
                bytes.Clear(element);
            }
        }

        bytes.Write(weight.Tensor, weight.Tensor.Dims);
    }
}
