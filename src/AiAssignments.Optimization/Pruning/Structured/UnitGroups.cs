using AiAssignments.Onnx;
using AiAssignments.Optimization.Graphs;
using AiAssignments.Optimization.Passes;

namespace AiAssignments.Optimization.Pruning.Structured;

/// <summary>Finds all groups of units that can leave, and says why others stay.</summary>
internal sealed class UnitGroups
{
    private const int MostRegroups = 8;
    private readonly OnnxModel model;
    private readonly ValueShapes shapes;
    private readonly StructuredPruningOptions options;
    private readonly PassReport report;
    private readonly HashSet<NodeProto> decided = new(ReferenceEqualityComparer.Instance);

    private UnitGroups(OnnxModel model, ValueShapes shapes, StructuredPruningOptions options, PassReport report) =>
        (this.model, this.shapes, this.options, this.report) = (model, shapes, options, report);

    /// <returns>Groups in the order of the first nodes that make them; no axis of a weight is in two.</returns>
    public static IReadOnlyList<UnitGroup> Find(OnnxModel model, ValueShapes shapes, StructuredPruningOptions options, PassReport report, CancellationToken cancellationToken) =>
        [.. new UnitGroups(model, shapes, options, report).Find(cancellationToken)];

    private IEnumerable<UnitGroup> Find(CancellationToken cancellationToken)
    {
        foreach (var (scope, node) in GraphIndex.Of(model.Proto).Nodes().Where(item => IsMaker(item.Node)))
        {
            if (decided.Contains(node) || GraphConstants.Find(scope.Find(node.InputOrEmpty(1))) is not { } weight || !TensorReader.IsFloating(weight.Tensor))
            {
                continue;
            }

            if (scope.Parent is not null)
            {
                Leave([node], "it stands in a branch or loop");
            }
            else if (scope.Find(node.Output[0]) is { } output && Search(scope, node, weight, output, cancellationToken) is { } group)
            {
                yield return group;
            }
        }
    }

    private static bool IsMaker(NodeProto node) =>
        OnnxModel.Is(node, "Conv") || OnnxModel.Is(node, "ConvTranspose") || OnnxModel.Is(node, "MatMul") || OnnxModel.Is(node, "Gemm");

    private UnitGroup? Search(GraphScope scope, NodeProto node, ConstantValue weight, GraphValue output, CancellationToken cancellationToken)
    {
        var isConvolution = node.OpType.StartsWith("Conv", StringComparison.Ordinal);
        var rank = isConvolution ? weight.Dims.Count : shapes[output]?.Count ?? 0;
        var units = Made(node, weight);
        if (rank < 2 || units is < 2 or > 1 << 24)
        {
            Leave([node], units is < 2 or > 1 << 24 ? "it has a single output" : "a shape on the way of its outputs is not known");
            return null;
        }

        var count = (int)units;
        UnitSearch search;
        for (var round = 0; ; round++)
        {
            search = UnitSearch.Run(model, scope, shapes, output, isConvolution ? 1 : rank - 1, count, cancellationToken);
            if (search.Regroup == 0 || round == MostRegroups)
            {
                break;
            }

            count = search.Regroup;
        }

        var makers = search.Makers.ToList();
        var kind = makers.Any(maker => maker.OpType.StartsWith("Conv", StringComparison.Ordinal)) ? UnitKind.Channel : count < units ? UnitKind.Head : UnitKind.Row;
        var why = search.Refusal ?? Selection(makers, kind);
        if (why is not null)
        {
            Leave([.. makers.Append(node)], why);
            return null;
        }

        decided.UnionWith(makers);
        return new UnitGroup
        {
            Units = count,
            Label = node.Label(),
            Kind = kind,
            Slots = [.. search.Slots],
            Counts = [.. search.Counts],
            Depthwise = [.. search.Grouped],
            Values = search.Values,
        };
    }

    private string? Selection(List<NodeProto> makers, UnitKind kind)
    {
        if (makers.Any(maker => !options.Nodes.Takes(maker)))
        {
            return "it, or a node that makes the same channels, was excluded";
        }

        var isAsked = kind switch { UnitKind.Channel => options.Channels, UnitKind.Row => options.Rows, _ => options.Heads };
        return isAsked ? null : $"{kind.ToString().ToLowerInvariant()}s were not asked for";
    }

    private static long Made(NodeProto node, ConstantValue weight) => node.OpType switch
    {
        "Conv" => weight.Dims[0],
        "ConvTranspose" => weight.Dims.Count > 1 ? weight.Dims[1] * node.Whole("group", 1) : 0,
        "Gemm" => weight.Dims[node.Whole("transB", 0) != 0 ? 0 : weight.Dims.Count - 1],
        _ => weight.Dims.Count > 1 ? weight.Dims[^1] : 0,
    };

    private void Leave(IReadOnlyList<NodeProto> makers, string why)
    {
        foreach (var maker in makers.Where(decided.Add))
        {
            report.Left(maker.Label(), why);
        }
    }
}
