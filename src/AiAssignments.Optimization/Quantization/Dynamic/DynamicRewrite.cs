using AiAssignments.Onnx;
using AiAssignments.Optimization.Graphs;
using AiAssignments.Optimization.Quantization.Numerics;
using static AiAssignments.Onnx.GraphBuilder;
using DataType = AiAssignments.Onnx.TensorProto.Types.DataType;

namespace AiAssignments.Optimization.Quantization.Dynamic;

/// <summary>Puts integer nodes in the place of float ones. A weight is quantized once however many nodes use it, an activation once in each graph.</summary>
internal sealed class DynamicRewrite(OnnxModel model, WeightFormat format, GraphNames names)
{
    private readonly GraphConstants constants = new(model);
    private readonly Dictionary<GraphProto, GraphEdit> edits = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<(GraphValue Source, bool IsTransposed, bool IsRows), StoredWeights?> weights = [];
    private readonly Dictionary<(GraphScope Scope, GraphValue Value), Activation> activations = [];

    /// <summary>Nodes rewritten.</summary>
    public int Rewritten { get; private set; }

    /// <summary>Elements of the weights quantized, each weight once.</summary>
    public long Weights { get; private set; }

    /// <summary>Rewrites one node; takes effect with <see cref="Apply"/>.</summary>
    /// <returns><c>false</c> when the weight cannot be quantized.</returns>
    public bool Rewrite(DynamicCandidate candidate)
    {
        if (Store(candidate) is not { } stored)
        {
            return false;
        }

        var edit = Edit(candidate.Scope.Graph);
        edit.Replace(candidate.Node, candidate.IsGather ? Gather(candidate, stored) : Product(candidate, stored, edit));
        Rewritten++;
        return true;
    }

    /// <summary>Makes the changes to the nodes.</summary>
    public void Apply()
    {
        foreach (var edit in edits.Values)
        {
            edit.Apply();
        }
    }

    private IEnumerable<NodeProto> Product(DynamicCandidate candidate, StoredWeights weight, GraphEdit edit)
    {
        var node = candidate.Node;
        var (stem, output) = (node.Label(), node.Output[0]);
        var activation = Quantized(candidate, edit);
        var (sum, number, scale) = (names.Unique(output + "_integer"), names.Unique(output + "_number"), names.Unique(output + "_scale"));
        var bias = OnnxModel.Is(node, "Gemm") ? node.InputOrEmpty(2) : string.Empty;
        var product = bias.Length > 0 ? names.Unique(output + "_product") : output;
        string[] factors = weight.Zero is null ? [activation.Value, weight.Values, activation.Zero] : [activation.Value, weight.Values, activation.Zero, weight.Zero];
        var weightScale = OnnxModel.Is(node, "Gemm") ? Scaled(weight.Scale, node.Real("alpha", 1), () => (weight.Scales, weight.Channels)) : weight.Scale;
        yield return Nodes.Make("MatMulInteger", names.Unique(stem + "_integer"), factors, [sum]);
        yield return Nodes.Make("Cast", names.Unique(stem + "_number"), [sum], [number], [Attribute("to", (long)DataType.Float)]);
        yield return Nodes.Make("Mul", names.Unique(stem + "_scale"), [activation.Scale, weightScale], [scale]);
        yield return Nodes.Make("Mul", names.Unique(stem + "_product"), [number, scale], [product]);
        if (bias.Length > 0)
        {
            yield return Nodes.Make("Add", names.Unique(stem + "_bias"), [product, Scaled(bias, node.Real("beta", 1), () => Constant(candidate.Scope, bias))], [output]);
        }
    }

    private IEnumerable<NodeProto> Gather(DynamicCandidate candidate, StoredWeights table)
    {
        var node = candidate.Node;
        var (stem, output) = (node.Label(), node.Output[0]);
        var isHalf = candidate.Weight.ElementType == DataType.Float16;
        var full = isHalf ? names.Unique(output + "_full") : output;
        var rows = names.Unique(output + "_rows");
        yield return Nodes.Make("Gather", names.Unique(stem + "_rows"), [table.Values, node.Input[1]], [rows]);
        if (!format.IsPerChannel)
        {
            string[] inputs = table.Zero is null ? [rows, table.Scale] : [rows, table.Scale, table.Zero];
            yield return Nodes.Make("DequantizeLinear", names.Unique(stem + "_float"), inputs, [full]);
        }
        else
        {
            // DequantizeLinear's axis is fixed, and rows come in any order: their scales are gathered the same way.
            var (number, scales) = (names.Unique(output + "_number"), names.Unique(output + "_scales"));
            yield return Nodes.Make("Gather", names.Unique(stem + "_scales"), [table.Scale, node.Input[1]], [scales]);
            yield return Nodes.Make("Cast", names.Unique(stem + "_number"), [rows], [number], [Attribute("to", (long)DataType.Float)]);
            if (table.Zero is not null)
            {
                var (zeros, zero, centred) = (names.Unique(output + "_zeros"), names.Unique(output + "_zero"), names.Unique(output + "_centred"));
                yield return Nodes.Make("Gather", names.Unique(stem + "_zeros"), [table.Zero, node.Input[1]], [zeros]);
                yield return Nodes.Make("Cast", names.Unique(stem + "_zero"), [zeros], [zero], [Attribute("to", (long)DataType.Float)]);
                yield return Nodes.Make("Sub", names.Unique(stem + "_centred"), [number, zero], [centred]);
                number = centred;
            }

            yield return Nodes.Make("Mul", names.Unique(stem + "_float"), [number, scales], [full]);
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

    private StoredWeights? Store(DynamicCandidate candidate)
    {
        var source = candidate.Weight.Source;
        var isTransposed = candidate.Weight.IsTransposed ^ candidate.IsTurned;
        if (!weights.TryGetValue((source, isTransposed, candidate.IsGather), out var stored))
        {
            stored = Quantize(candidate, candidate.Weight with { IsTransposed = isTransposed });
            weights.Add((source, isTransposed, candidate.IsGather), stored);
        }

        return stored;
    }

    private StoredWeights? Quantize(DynamicCandidate candidate, ConstantValue weight)
    {
        var values = constants.Floats(weight);
        if (!QuantizationSteps.IsFinite(values))
        {
            return null;
        }

        var (rows, columns) = ((int)weight.Dims[0], (int)weight.Dims[1]);
        var quantized = candidate.IsGather
            ? LinearQuantizer.Quantize(values, rows, columns, format with { IsReduced = false })
            : LinearQuantizer.Quantize(values, columns, 1, format);
        var type = quantized.IsSigned ? DataType.Int8 : DataType.Uint8;
        var stem = weight.Source.Name;
        long[] channels = !format.IsPerChannel ? [] : candidate.IsGather ? [rows, 1] : [columns];
        var graph = weight.Source.Scope.Graph;
        var stored = new StoredWeights(
            names.Unique(stem + "_quantized"),
            names.Unique(stem + "_scale"),
            quantized.IsSigned ? null : names.Unique(stem + "_zero"),
            quantized.Scales,
            channels);
        graph.Initializer.Add(Nodes.Tensor<byte>(stored.Values, type, quantized.Values, rows, columns));
        graph.Initializer.Add(Nodes.Tensor<float>(stored.Scale, DataType.Float, quantized.Scales, channels));
        if (stored.Zero is not null)
        {
            graph.Initializer.Add(Nodes.Tensor<byte>(stored.Zero, type, quantized.ZeroPoints, channels));
        }

        Weights += values.Length;
        return stored;
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

    private sealed record StoredWeights(string Values, string Scale, string? Zero, float[] Scales, long[] Channels);

    private readonly record struct Activation(string Value, string Scale, string Zero);
}
