using AiAssignments.Onnx;
using AiAssignments.Optimization.Graphs;
using AiAssignments.Optimization.Passes;
using AiAssignments.Optimization.Quantization.Calibration;
using AiAssignments.Optimization.Quantization.Numerics;
using static AiAssignments.Onnx.GraphBuilder;
using DataType = AiAssignments.Onnx.TensorProto.Types.DataType;

namespace AiAssignments.Optimization.Quantization.Static;

/// <summary>Stores weights as integers and puts QuantizeLinear and DequantizeLinear behind the values of a plan.</summary>
internal sealed class StaticRewrite(OnnxModel model, StaticPlan plan, IReadOnlyDictionary<string, ValueRange> ranges, WeightFormat format, PassReport report)
{
    // Half of int32, so that the sum of products has room beside the bias.
    private const double LargestBias = 1L << 30;

    // What a scale that was raised for its bias leaves of that, so that no rounding of the scale brings the bias over the bound.
    private const double RaisedBias = LargestBias / 2;

    private readonly GraphConstants constants = new(model);
    private readonly GraphNames names = new(model.Proto);
    private readonly GraphEdit edit = new(model.Graph);
    private readonly Dictionary<string, Scale> scales = new(StringComparer.Ordinal);
    private readonly Dictionary<(GraphValue Source, bool IsTransposed, int Axis), Weight> weights = [];
    private readonly Dictionary<(GraphValue Source, bool IsTransposed, int Axis), float[]> floors = [];

    /// <summary>Nodes whose weights were quantized.</summary>
    public int Computed { get; private set; }

    /// <summary>Elements of the weights quantized, each weight once.</summary>
    public long Weights { get; private set; }

    /// <summary>Values quantized.</summary>
    public int Activations { get; private set; }

    public void Run(IProgress<PassProgress>? progress, CancellationToken cancellationToken)
    {
        foreach (var name in plan.Quantized.Keys)
        {
            ScaleOf(name);
        }

        foreach (var node in plan.Computing)
        {
            Floor(node);
        }

        foreach (var (done, node) in plan.Computing.Index())
        {
            cancellationToken.ThrowIfCancellationRequested();
            progress?.Report(new PassProgress("quantize weights", done, plan.Computing.Count));
            Compute(node);
        }

        foreach (var name in plan.Quantized.Keys)
        {
            Activation(name);
        }

        edit.Apply();
    }

    // A value that only moves numbers has the scale of where they come from.
    private Scale? ScaleOf(string name)
    {
        if (scales.TryGetValue(name, out var known))
        {
            return known;
        }

        Scale? made = null;
        if (plan.Quantized.TryGetValue(name, out var origin) && origin is not null)
        {
            made = ScaleOf(origin);
        }
        else if (ranges.TryGetValue(name, out var range))
        {
            var (scale, zero) = LinearQuantizer.Asymmetric(range.Low, range.High, 255);
            made = new Scale(names.Unique(name + "_scale"), names.Unique(name + "_zero"), scale);
            model.Graph.Initializer.Add(Nodes.Tensor<float>(made.Name, DataType.Float, [scale]));
            model.Graph.Initializer.Add(Nodes.Tensor<byte>(made.ZeroName, DataType.Uint8, [(byte)zero]));
        }

        if (made is not null)
        {
            scales.Add(name, made);
        }

        return made;
    }

    // A bias has the scale of its channel's products. Where the weights are far smaller than the bias, or all zero, that is raised until the bias fits int32; then
    // its steps are still far finer than those of the output. One scale for the whole weight is raised for weights of zero only: elsewhere all channels would pay.
    private void Floor(NodeProto node)
    {
        if (node.InputOrEmpty(2).Length == 0 || !scales.TryGetValue(node.Input[0], out var input))
        {
            return;
        }

        var key = KeyOf(node);
        var biases = constants.Floats(GraphConstants.Find(plan.Root.Find(node.Input[2]))!);
        if (!floors.TryGetValue(key, out var least))
        {
            floors.Add(key, least = new float[format.IsPerChannel ? biases.Length : 1]);
        }

        for (var i = 0; i < biases.Length; i++)
        {
            var floor = (float)(Math.Abs(biases[i]) / (input.Value * RaisedBias));
            var channel = format.IsPerChannel ? i : 0;
            least[channel] = Math.Max(least[channel], float.IsNormal(floor) && float.IsNormal(floor * input.Value) ? floor : 0);
        }
    }

    private (GraphValue Source, bool IsTransposed, int Axis) KeyOf(NodeProto node)
    {
        var constant = GraphConstants.Find(plan.Root.Find(node.Input[1]))!;
        return (constant.Source, constant.IsTransposed, StaticCandidate.ChannelAxis(node));
    }

    private void Compute(NodeProto node)
    {
        if (!scales.TryGetValue(node.Input[0], out var input))
        {
            report.Left(node.Label(), "no finite value of its input was seen");
            return;
        }

        var key = KeyOf(node);
        if (!weights.TryGetValue(key, out var weight))
        {
            weight = Store(GraphConstants.Find(plan.Root.Find(node.Input[1]))!, key.Axis, floors.GetValueOrDefault(key) ?? []);
            weights.Add(key, weight);
        }

        if (node.InputOrEmpty(2).Length > 0)
        {
            if (Bias(node, input, weight) is not { } bias)
            {
                report.Left(node.Label(), "its bias is too large beside its weights");
                return;
            }

            node.Input[2] = bias;
        }

        node.Input[1] = weight.Name;
        Computed++;
    }

    private Weight Store(ConstantValue constant, int axis, ReadOnlySpan<float> leastScales)
    {
        var values = constants.Floats(constant);
        if (!format.IsPerChannel && values.AsSpan().ContainsAnyExcept(0f))
        {
            leastScales = [];
        }

        var channels = (int)constant.Dims[axis];
        var inner = constant.Dims.Skip(axis + 1).Aggregate(1, (product, size) => checked(product * (int)size));
        var quantized = LinearQuantizer.Quantize(values, channels, inner, format, leastScales);
        var stem = constant.Source.Name;
        var (stored, scale, zero, dequantized) = (names.Unique(stem + "_quantized"), names.Unique(stem + "_scale"), names.Unique(stem + "_zero"), names.Unique(stem + "_dequantized"));
        long[] shape = format.IsPerChannel ? [channels] : [];
        model.Graph.Initializer.Add(Nodes.Tensor<byte>(stored, DataType.Int8, quantized.Values, constant.Dims));
        model.Graph.Initializer.Add(Nodes.Tensor<float>(scale, DataType.Float, quantized.Scales, shape));
        model.Graph.Initializer.Add(Nodes.Tensor<byte>(zero, DataType.Int8, quantized.ZeroPoints, shape));
        edit.Prepend(Nodes.Make("DequantizeLinear", names.Unique(stem + "_dequantize"), [stored, scale, zero], [dequantized], format.IsPerChannel ? [Attribute("axis", axis)] : []));
        Weights += values.Length;
        return new Weight(dequantized, quantized.Scales);
    }

    // Products of integers are summed in int32; a bias of the product's own scale is added there without rounding again.
    private string? Bias(NodeProto node, Scale input, Weight weight)
    {
        var constant = GraphConstants.Find(plan.Root.Find(node.Input[2]))!;
        var values = constants.Floats(constant);
        var products = Array.ConvertAll(weight.Scales, scale => scale * input.Value);
        var quantized = new int[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            var steps = Math.Round(values[i] / (double)products[products.Length == 1 ? 0 : i], MidpointRounding.ToEven);
            if (Math.Abs(steps) > LargestBias)
            {
                return null;
            }

            quantized[i] = (int)steps;
        }

        var stem = constant.Source.Name;
        var (stored, scale, zero, dequantized) = (names.Unique(stem + "_quantized"), names.Unique(stem + "_scale"), names.Unique(stem + "_zero"), names.Unique(stem + "_dequantized"));
        long[] shape = format.IsPerChannel ? [values.Length] : [];
        model.Graph.Initializer.Add(Nodes.Tensor<int>(stored, DataType.Int32, quantized, values.Length));
        model.Graph.Initializer.Add(Nodes.Tensor<float>(scale, DataType.Float, products, shape));
        model.Graph.Initializer.Add(Nodes.Tensor<int>(zero, DataType.Int32, new int[products.Length], shape));
        edit.Prepend(Nodes.Make("DequantizeLinear", names.Unique(stem + "_dequantize"), [stored, scale, zero], [dequantized], format.IsPerChannel ? [Attribute("axis", 0)] : []));
        return dequantized;
    }

    private void Activation(string name)
    {
        if (!scales.TryGetValue(name, out var scale) || plan.Root.Find(name) is not { } value)
        {
            return;
        }

        Activations++;
        var (rounded, exact) = (names.Unique(name + "_quantized"), name);
        var read = names.Unique(name + "_dequantized");
        if (value.IsOutput && value.Producer is { } producer)
        {
            // The graph's output keeps its name, and is the rounded value.
            exact = names.Unique(name + "_exact");
            producer.Output[producer.Output.IndexOf(name)] = exact;
            read = name;
        }

        NodeProto[] pair =
        [
            Nodes.Make("QuantizeLinear", names.Unique(name + "_quantize"), [exact, scale.Name, scale.ZeroName], [rounded]),
            Nodes.Make("DequantizeLinear", names.Unique(name + "_dequantize"), [rounded, scale.Name, scale.ZeroName], [read]),
        ];
        if (value.Producer is null)
        {
            edit.Prepend(pair);
        }
        else
        {
            edit.After(value.Producer, pair);
        }

        foreach (var use in value.Uses.Where(use => read != name && use.Node.Input[use.Index] == name))
        {
            use.Node.Input[use.Index] = read;
        }
    }

    private sealed record Scale(string Name, string ZeroName, float Value);

    private sealed record Weight(string Name, float[] Scales);
}
