using AiAssignments.Onnx;
using AiAssignments.Optimization.Graphs;
using AiAssignments.Optimization.Quantization.Numerics;
using static AiAssignments.Onnx.GraphBuilder;
using DataType = AiAssignments.Onnx.TensorProto.Types.DataType;

namespace AiAssignments.Optimization.Quantization.Dynamic;

/// <summary>Puts integer nodes in the place of float ones. A weight is quantized once however many nodes use it, an activation once in each graph.</summary>
internal sealed class DynamicRewrite
{
    private readonly OnnxModel model;
    private readonly GraphNames names;
    private readonly IntegerWeights weights;
    private readonly Dictionary<GraphProto, GraphEdit> edits = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<(GraphScope Scope, GraphValue Value), Activation> activations = [];

    /// <param name="model">The model.</param>
    /// <param name="format">How weights of products are quantized.</param>
    /// <param name="names">Gives names.</param>
    /// <param name="candidates">All nodes that will be rewritten.</param>
    public DynamicRewrite(OnnxModel model, WeightFormat format, GraphNames names, IReadOnlyCollection<DynamicCandidate> candidates)
    {
        (this.model, this.names) = (model, names);
        weights = new IntegerWeights(model, format, names, scope => Edit(scope.Graph), candidates);
    }

    /// <summary>Nodes rewritten.</summary>
    public int Rewritten { get; private set; }

    /// <summary>Elements of the weights quantized, each weight once.</summary>
    public long Weights => weights.Elements;

    /// <summary>Rewrites one node; takes effect with <see cref="Apply"/>.</summary>
    /// <returns><c>null</c>, or why the weight cannot be quantized, as the end of a sentence.</returns>
    public string? Rewrite(DynamicCandidate candidate)
    {
        if (weights.Of(candidate) is not { } stored)
        {
            return "its weight holds a NaN or an infinity";
        }

        var edit = Edit(candidate.Scope.Graph);
        edit.Replace(candidate.Node, candidate.IsGather ? Gather(candidate, stored) : Product(candidate, stored, edit));
        Rewritten++;
        return null;
    }

    /// <summary>Makes the changes to the nodes.</summary>
    public void Apply()
    {
        foreach (var edit in edits.Values)
        {
            edit.Apply();
        }
    }

    private IEnumerable<NodeProto> Product(DynamicCandidate candidate, IntegerWeight weight, GraphEdit edit)
    {
        var node = candidate.Node;
        var (stem, output) = (node.Label(), node.Output[0]);
        var activation = Quantized(candidate, edit);
        var (sum, number, scale) = (names.Unique(output + "_integer"), names.Unique(output + "_number"), names.Unique(output + "_scale"));
        var bias = OnnxModel.Is(node, "Gemm") ? node.InputOrEmpty(2) : string.Empty;
        var product = bias.Length > 0 ? names.Unique(output + "_product") : output;
        var values = weight.Values(candidate.IsReadTurned);
        string[] factors = weight.Zero() is { } zero ? [activation.Value, values, activation.Zero, zero] : [activation.Value, values, activation.Zero];
        var weightScale = OnnxModel.Is(node, "Gemm") ? Scaled(weight.Scale(), node.Real("alpha", 1), () => (weight.Scales, weight.Channels)) : weight.Scale();
        yield return Nodes.Make("MatMulInteger", names.Unique(stem + "_integer"), factors, [sum]);
        yield return Nodes.Make("Cast", names.Unique(stem + "_number"), [sum], [number], [Attribute("to", (long)DataType.Float)]);
        yield return Nodes.Make("Mul", names.Unique(stem + "_scale"), [activation.Scale, weightScale], [scale]);
        yield return Nodes.Make("Mul", names.Unique(stem + "_product"), [number, scale], [product]);
        if (bias.Length > 0)
        {
            yield return Nodes.Make("Add", names.Unique(stem + "_bias"), [product, Scaled(bias, node.Real("beta", 1), () => Constant(candidate.Scope, bias))], [output]);
        }
    }

    private IEnumerable<NodeProto> Gather(DynamicCandidate candidate, IntegerWeight table)
    {
        var node = candidate.Node;
        var (stem, output) = (node.Label(), node.Output[0]);
        var isHalf = candidate.Weight.ElementType == DataType.Float16;
        var full = isHalf ? names.Unique(output + "_full") : output;
        var (rows, number) = (names.Unique(output + "_rows"), names.Unique(output + "_number"));

        // DequantizeLinear's axis is fixed, and rows come in any order: where each row has a scale of its own, the scales are gathered the same way. A scale for each
        // column, or for all, fits the rows as it is.
        var isByRow = table.IsByRow(candidate.IsReadTurned);
        var (scale, zero) = (table.Scale(isByRow), table.Zero(isByRow));
        yield return Nodes.Make("Gather", names.Unique(stem + "_rows"), [table.Values(candidate.IsReadTurned), node.Input[1]], [rows]);
        if (table.Channels.Length == 0)
        {
            yield return Nodes.Make("DequantizeLinear", names.Unique(stem + "_float"), zero is null ? [rows, scale] : [rows, scale, zero], [full]);
        }
        else
        {
            if (isByRow)
            {
                var scales = names.Unique(output + "_scales");
                yield return Nodes.Make("Gather", names.Unique(stem + "_scales"), [scale, node.Input[1]], [scales]);
                scale = scales;
            }

            yield return Nodes.Make("Cast", names.Unique(stem + "_number"), [rows], [number], [Attribute("to", (long)DataType.Float)]);
            if (zero is not null)
            {
                var (zeros, floats, centred) = (zero, names.Unique(output + "_zero"), names.Unique(output + "_centred"));
                if (isByRow)
                {
                    zeros = names.Unique(output + "_zeros");
                    yield return Nodes.Make("Gather", names.Unique(stem + "_zeros"), [zero, node.Input[1]], [zeros]);
                }

                yield return Nodes.Make("Cast", names.Unique(stem + "_zero"), [zeros], [floats], [Attribute("to", (long)DataType.Float)]);
                yield return Nodes.Make("Sub", names.Unique(stem + "_centred"), [number, floats], [centred]);
                number = centred;
            }

            yield return Nodes.Make("Mul", names.Unique(stem + "_float"), [number, scale], [full]);
        }

        if (isHalf)
        {
            yield return Nodes.Make("Cast", names.Unique(stem + "_half"), [full], [output], [Attribute("to", (long)DataType.Float16)]);
        }
    }

    private Activation Quantized(DynamicCandidate candidate, GraphEdit edit)
    {
        var name = candidate.Node.Input[0];
        var value = candidate.Scope.Find(name);
        if (value is not null && activations.TryGetValue((candidate.Scope, value), out var known))
        {
            return known;
        }

        var made = new Activation(names.Unique(name + "_quantized"), names.Unique(name + "_scale"), names.Unique(name + "_zero"));
        edit.Before(candidate.Node, Nodes.Make("DynamicQuantizeLinear", names.Unique(name + "_quantize"), [name], [made.Value, made.Scale, made.Zero]));
        if (value is not null)
        {
            activations.Add((candidate.Scope, value), made);
        }

        return made;
    }

    /// <summary>Numbers times a factor, as a new initializer of the main graph, which every graph sees; the same name when the factor is 1.</summary>
    private string Scaled(string name, float factor, Func<(float[] Values, IEnumerable<long> Dims)> read)
    {
        if (factor is 1)
        {
            return name;
        }

        var (values, dims) = read();
        var scaled = names.Unique(name + "_scaled");
        model.Graph.Initializer.Add(Nodes.Tensor<float>(scaled, DataType.Float, Array.ConvertAll(values, value => value * factor), dims));
        return scaled;
    }

    private (float[] Values, IEnumerable<long> Dims) Constant(GraphScope scope, string name)
    {
        var tensor = GraphConstants.Direct(scope.Find(name))!;
        return (model.Tensors.Floats(tensor), tensor.Dims);
    }

    private GraphEdit Edit(GraphProto graph)
    {
        if (!edits.TryGetValue(graph, out var edit))
        {
            edits.Add(graph, edit = new GraphEdit(graph));
        }

        return edit;
    }

    private readonly record struct Activation(string Value, string Scale, string Zero);
}
