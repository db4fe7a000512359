using AiAssignments.Core.Errors;
using AiAssignments.Onnx;
using AiAssignments.Optimization.Graphs;
using AiAssignments.Optimization.Passes;
using AiAssignments.Optimization.Quantization;
using DataType = AiAssignments.Onnx.TensorProto.Types.DataType;

namespace AiAssignments.Optimization.Pruning;

/// <summary>Finds the weights that can get zeros, in all graphs of a model, and says why others are left alone. A weight used twice is found once.</summary>
internal sealed class PrunableWeights
{
    private readonly NodeSelection selection;
    private readonly bool withTables;
    private readonly OnnxModel model;

    private PrunableWeights(OnnxModel model, NodeSelection selection, bool withTables) =>
        (this.model, this.selection, this.withTables) = (model, selection, withTables);

    /// <returns>Weights in the order of the nodes that use them first.</returns>
    public static IReadOnlyList<PrunableWeight> Find(OnnxModel model, NodeSelection selection, bool withTables, PassReport report) =>
        [.. new PrunableWeights(model, selection, withTables).Find(report)];

    /// <summary>Ends a pass that has nothing to work on.</summary>
    /// <exception cref="ProblemException"><c>nothing-to-prune</c>, with the reasons.</exception>
    public static void RefuseNone(int found, string what, PassReport report)
    {
        if (found == 0)
        {
            var reasons = report.LeftCount > 0 ? $" {report.LeftCount} nodes were looked at and left: {report.Reasons()}." : string.Empty;
            throw new ProblemException("nothing-to-prune", $"The graph has no {what} that can be pruned.{reasons}");
        }
    }

    private IEnumerable<PrunableWeight> Find(PassReport report)
    {
        var seen = new HashSet<GraphValue>();
        foreach (var (scope, node) in GraphIndex.Of(model.Proto).Nodes())
        {
            for (var input = 0; input < node.Input.Count; input++)
            {
                if (!WeightSlots.Is(node, input, withTables) || GraphConstants.Find(scope.Find(node.Input[input])) is not { } constant
                    || !TensorReader.IsFloating(constant.Tensor) || !seen.Add(constant.Source))
                {
                    continue;
                }

                if (Refusal(constant) is { } why)
                {
                    report.Left(node.Label(), why);
                }
                else
                {
                    yield return new PrunableWeight(node.Label(), constant.Source, constant.Tensor, Axis(constant.Source, constant.Tensor.Dims.Count, false) ?? -1);
                }
            }
        }
    }

    private string? Refusal(ConstantValue constant)
    {
        var tensor = constant.Tensor;
        if ((DataType)tensor.DataType is not (DataType.Float or DataType.Float16))
        {
            return $"its weight is of type {((DataType)tensor.DataType).ToString().ToLowerInvariant()}";
        }

        if (TensorReader.Elements(tensor) is < 1 or > 1 << 28 || tensor.Dims.Count == 0)
        {
            return "its weight is empty, a single number, or has more than 2^28 elements";
        }

        if (constant.Source.Producer?.Attribute("value") is null && constant.Source.Initializer is null)
        {
            return "its weight is written in a form that only single numbers and lists have";
        }

        return UseRefusal(constant.Source) ?? (ElementBytes.IsFinite(model, tensor) ? null : "its weight holds a NaN or an infinity");
    }

    /// <summary>Zeros reach every user of a value: all of them must be nodes that may get them.</summary>
    private string? UseRefusal(GraphValue value, int step = 0)
    {
        if (step > GraphConstants.MostSteps)
        {
            // A chain of a hostile graph is as long as it likes.
            return "its weight goes through too many nodes";
        }

        if (value.IsOutput)
        {
            return "its weight is an output of the model";
        }

        foreach (var use in value.Uses)
        {
            var isWeight = WeightSlots.Is(use.Node, use.Index, withTables);
            var why = isWeight ? (selection.Takes(use.Node) ? null : "it, or another node with the same weight, was excluded")
                : PassesOn(use.Node) && use.Scope.Find(use.Node.Output[0]) is { } next ? UseRefusal(next, step + 1)
                : "a node that is not pruned uses its weight too";
            if (why is not null)
            {
                return why;
            }
        }

        return null;
    }

    /// <summary>The reduction axis that all users agree on, as an axis of the stored tensor.</summary>
    private int? Axis(GraphValue value, int rank, bool isTransposed)
    {
        var agreed = (int?)null;
        foreach (var use in value.Uses)
        {
            var axis = WeightSlots.Is(use.Node, use.Index, withTables)
                ? Turned(WeightSlots.ReductionAxis(use.Node, use.Index, rank), isTransposed)
                : use.Scope.Find(use.Node.Output[0]) is { } next ? Axis(next, rank, isTransposed ^ OnnxModel.Is(use.Node, "Transpose")) : -1;
            agreed = axis is null || agreed is null || agreed == axis ? axis ?? agreed : -1;
        }

        return agreed;
    }

    private static int Turned(int axis, bool isTransposed) => axis >= 0 && isTransposed ? 1 - axis : axis;

    // A Transpose of more dimensions, or one that GraphConstants does not look through, is a use that is not pruned.
    private static bool PassesOn(NodeProto node) =>
        (OnnxModel.Is(node, "Identity") || OnnxModel.Is(node, "Cast") || (OnnxModel.Is(node, "Transpose") && node.Attribute("perm")?.Ints is null or [1, 0])) && node.Output.Count == 1;
}
