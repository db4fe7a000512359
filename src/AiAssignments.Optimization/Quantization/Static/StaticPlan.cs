using AiAssignments.Onnx;
using AiAssignments.Optimization.Graphs;
using AiAssignments.Optimization.Passes;

namespace AiAssignments.Optimization.Quantization.Static;

/// <summary>
/// Decides which values of the main graph become uint8. From the computing nodes' inputs and outputs, quantization is carried on by nodes that ONNX Runtime runs
/// on integers (sums, concatenations, pools) and by those that only move numbers, whose output keeps the scale of their input.
/// </summary>
internal sealed class StaticPlan
{
    private static readonly HashSet<string> Arithmetic = new(StringComparer.Ordinal) { "Add", "Mul", "Concat", "AveragePool", "GlobalAveragePool" };
    private static readonly HashSet<string> Moving = new(StringComparer.Ordinal) { "MaxPool", "Reshape", "Flatten", "Transpose", "Squeeze", "Unsqueeze", "Identity" };
    private static readonly HashSet<string> Clipping = new(StringComparer.Ordinal) { "Relu", "Clip" };
    private readonly GraphScope root;
    private readonly Dictionary<string, string?> quantized = new(StringComparer.Ordinal);
    private readonly HashSet<string> clipped = new(StringComparer.Ordinal);

    private StaticPlan(GraphScope root) => this.root = root;

    /// <summary>Conv, Gemm and MatMul nodes to quantize.</summary>
    public List<NodeProto> Computing { get; } = [];

    /// <summary>Values to quantize, each with the value whose scale it takes, or <c>null</c> for its own.</summary>
    public IReadOnlyDictionary<string, string?> Quantized => quantized;

    /// <summary>Values whose range must be measured.</summary>
    public IReadOnlyCollection<string> Measured => [.. quantized.Where(pair => pair.Value is null).Select(pair => pair.Key)];

    public GraphScope Root => root;

    public static StaticPlan Make(OnnxModel model, StaticInt8Options options, PassReport report)
    {
        var index = GraphIndex.Of(model.Proto);
        var plan = new StaticPlan(index.Root);
        var constants = new GraphConstants(model);
        var ends = options.KeepFirst || options.KeepLast ? LayerEnds.Of(index) : null;
        foreach (var node in index.Root.Graph.Node.Where(StaticCandidate.IsOperator))
        {
            var why = !options.Nodes.Takes(node) ? "it was excluded"
                : options.KeepFirst && ends!.First.Contains(node) ? "first layers were asked to stay"
                : options.KeepLast && ends!.Last.Contains(node) ? "last layers were asked to stay"
                : StaticCandidate.Refusal(index.Root, node, constants);
            if (why is null)
            {
                plan.Computing.Add(node);
            }
            else
            {
                report.Left(node.Label(), why);
            }
        }

        foreach (var (_, node) in index.Nodes().Where(item => item.Scope != index.Root && StaticCandidate.IsOperator(item.Node)))
        {
            report.Left(node.Label(), "it stands in a subgraph");
        }

        plan.Spread();
        return plan;
    }

    private void Spread()
    {
        var computing = new HashSet<NodeProto>(Computing, ReferenceEqualityComparer.Instance);
        foreach (var node in root.Graph.Node)
        {
            var inputs = node.Input.Where(name => name.Length > 0).ToList();
            if (computing.Contains(node))
            {
                quantized.TryAdd(node.Input[0], null);
                QuantizeOutput(node);
            }
            else if (OnnxModel.Is(node, node.OpType) && Arithmetic.Contains(node.OpType) && inputs.All(IsCarried) && node.Output.Count == 1)
            {
                QuantizeOutput(node);
            }
            else if (OnnxModel.Is(node, node.OpType) && Moving.Contains(node.OpType) && quantized.ContainsKey(inputs[0]) && node.Output.Count == 1)
            {
                quantized.TryAdd(node.Output[0], inputs[0]);
            }
            else if (OnnxModel.Is(node, node.OpType) && Clipping.Contains(node.OpType) && (quantized.ContainsKey(inputs[0]) || clipped.Contains(inputs[0])))
            {
                quantized.TryAdd(node.Output[0], null);
            }
        }

        // A product gives float32 as easily: what no integer node takes need not be rounded once more.
        foreach (var node in Computing.Where(node => !OnnxModel.Is(node, "Conv")))
        {
            if (root.Find(node.Output[0]) is { } output && !output.Uses.Any(use => computing.Contains(use.Node) || use.Node.Output.Any(quantized.ContainsKey)))
            {
                quantized.Remove(output.Name);
            }
        }
    }

    private bool IsCarried(string name) => quantized.ContainsKey(name);

    private void QuantizeOutput(NodeProto node)
    {
        // A rectifier behind the node is absorbed by the rounding, which clips at the same place, when nobody sees what lies between.
        if (root.Find(node.Output[0]) is { IsOutput: false, Uses: [var only] } && only.Scope == root && Clipping.Contains(only.Node.OpType) && only.Index == 0
            && OnnxModel.Is(only.Node, only.Node.OpType))
        {
            clipped.Add(node.Output[0]);
            return;
        }

        quantized.TryAdd(node.Output[0], null);
    }
}
