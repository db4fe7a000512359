using AiAssignments.Onnx;
using AiAssignments.Optimization.Graphs;
using AiAssignments.Optimization.Passes;
using DataType = AiAssignments.Onnx.TensorProto.Types.DataType;

namespace AiAssignments.Optimization.Quantization.Dynamic;

/// <summary>Finds the nodes that can be quantized, and says why others cannot.</summary>
internal sealed class DynamicCandidates
{
    /// <summary>Why a table, or a weight that is quantized for its size alone, stays in float.</summary>
    public const string IsShared = "a node that stays in float uses its weight too";

    private readonly DynamicInt8Options options;
    private readonly PassReport report;
    private readonly Dictionary<NodeProto, DynamicCandidate> found = new(ReferenceEqualityComparer.Instance);

    private DynamicCandidates(DynamicInt8Options options, PassReport report)
    {
        this.options = options;
        this.report = report;
    }

    /// <param name="model">The model.</param>
    /// <param name="options">Which nodes.</param>
    /// <param name="report">Told what is left.</param>
    /// <param name="isForSize">Whether products are quantized for their size alone, so that their weights stay where they stay in float for somebody else anyway.</param>
    /// <param name="doubled">Takes the nodes whose weights will be in the file twice, in integers and in float.</param>
    public static IReadOnlyList<DynamicCandidate> Find(OnnxModel model, DynamicInt8Options options, PassReport report, bool isForSize = false, List<string>? doubled = null)
    {
        var search = new DynamicCandidates(options, report);
        foreach (var (scope, node) in GraphIndex.Of(model.Proto).Nodes())
        {
            if (search.Consider(scope, node) is { } why)
            {
                report.Left(node.Label(), why);
            }
        }

        // Keeping a table in float for somebody else and in integers as well would make the model larger, and a Gather no faster.
        foreach (var candidate in search.found.Values.Where(candidate => !search.IsFreed(candidate.Weight.Source)).ToList())
        {
            if (candidate.IsGather || isForSize)
            {
                search.found.Remove(candidate.Node);
                report.Left(candidate.Label, IsShared);
            }
            else
            {
                doubled?.Add(candidate.Label);
            }
        }

        return [.. search.found.Values];
    }

    private string? Consider(GraphScope scope, NodeProto node)
    {
        var position = OnnxModel.Is(node, "MatMul") || OnnxModel.Is(node, "Gemm") ? 1 : OnnxModel.Is(node, "Gather") ? 0 : -1;
        if (position < 0)
        {
            return null;
        }

        var isGather = position == 0;
        var weight = GraphConstants.Find(scope.Find(node.InputOrEmpty(position)));
        if (isGather && (weight is null || !TensorReader.IsFloating(weight.Tensor) || TensorReader.Elements(weight.Tensor) < options.SmallestWeight))
        {
            // Most Gathers pick a size out of a shape.
            return null;
        }

        if (weight is null)
        {
            return GraphConstants.Find(scope.Find(node.InputOrEmpty(1 - position))) is null
                ? "both factors are activations"
                : "its weight is the first factor";
        }

        return options.Nodes.Takes(node) && (!isGather || options.Embeddings) ? Refusal(scope, node, weight, isGather) ?? Add(scope, node, weight) : "it was excluded";
    }

    private string? Refusal(GraphScope scope, NodeProto node, ConstantValue weight, bool isGather)
    {
        if (weight.ElementType != DataType.Float && !(isGather && weight.ElementType == DataType.Float16))
        {
            return $"its weight is of type {weight.ElementType.ToString().ToLowerInvariant()}";
        }

        if (!TensorReader.IsFloating(weight.Tensor))
        {
            return "its weight is stored in integers";
        }

        if (weight.Dims.Count != 2 || TensorReader.Elements(weight.Tensor) > 1 << 30)
        {
            return "its weight is no matrix of at most 2^30 elements";
        }

        if (TensorReader.Elements(weight.Tensor) < options.SmallestWeight)
        {
            return $"its weight has fewer than {options.SmallestWeight} elements";
        }

        if (isGather)
        {
            return node.Whole("axis", 0) is 0 or -2 ? null : "it gathers columns";
        }

        if (!OnnxModel.Is(node, "Gemm"))
        {
            return null;
        }

        var beta = node.Real("beta", 1);
        return node.Whole("transA", 0) != 0 ? "its first factor is transposed"
            : beta is not 1 && node.InputOrEmpty(2).Length > 0 && !IsFloatConstant(scope, node.Input[2]) ? "its summand is scaled and not constant"
            : null;
    }

    private string? Add(GraphScope scope, NodeProto node, ConstantValue weight)
    {
        found.Add(node, new DynamicCandidate(scope, node, weight));
        return null;
    }

    private static bool IsFloatConstant(GraphScope scope, string name) =>
        GraphConstants.Direct(scope.Find(name)) is { } tensor && tensor.DataType == (int)DataType.Float;

    // As far forwards as constants are followed backwards: a chain of a hostile graph is as long as it likes.
    private bool IsFreed(GraphValue value, int step = 0) => step <= GraphConstants.MostSteps && !value.IsOutput && value.Uses.All(use =>
        (found.TryGetValue(use.Node, out var candidate) && use.Index == (candidate.IsGather ? 0 : 1))
        || (!found.ContainsKey(use.Node) && use.Node.OpType is "Identity" or "Transpose" or "Cast" && OnnxModel.Is(use.Node, use.Node.OpType) && use.Scope.Find(use.Node.Output[0]) is { } next && IsFreed(next, step + 1)));
}
