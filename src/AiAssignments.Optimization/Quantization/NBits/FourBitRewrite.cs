using System.Globalization;
using AiAssignments.Onnx;
using AiAssignments.Optimization.Graphs;
using AiAssignments.Optimization.Quantization.Dynamic;
using static AiAssignments.Onnx.GraphBuilder;
using DataType = AiAssignments.Onnx.TensorProto.Types.DataType;

namespace AiAssignments.Optimization.Quantization.NBits;

/// <summary>Puts <c>MatMulNBits</c> in the place of products with constant weights; a weight is stored once however many nodes use it.</summary>
internal sealed class FourBitRewrite(OnnxModel model, FourBitOptions options, GraphNames names)
{
    // A tensor of raw bytes ends where a protobuf message does.
    private const long LargestStored = 1L << 30;

    private readonly GraphConstants constants = new(model);
    private readonly Dictionary<GraphProto, GraphEdit> edits = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<(GraphValue Source, bool IsTransposed, float Alpha), string[]?> weights = [];

    /// <summary>Nodes rewritten.</summary>
    public int Rewritten { get; private set; }

    /// <summary>Elements of the weights quantized, each weight once.</summary>
    public long Weights { get; private set; }

    /// <summary>Why a product is better left as it is, by the size of its weight alone; nothing is read or allocated for it.</summary>
    /// <returns><c>null</c>, or the end of a sentence.</returns>
    public string? Refusal(DynamicCandidate candidate)
    {
        // Each output fills its last block up: where there are few inputs, that is most of it.
        var constant = Constant(candidate);
        var size = FourBitBlocks.Size(constant.Dims[0], constant.Dims[1], options.BlockSize, options.Symmetric);
        return size >= StoredNow(constant.Tensor) ? string.Create(CultureInfo.InvariantCulture, $"blocks of {options.BlockSize} would not make its weight smaller")
            : size > LargestStored ? "its weight takes more than 1 GiB in 4 bits, too"
            : null;
    }

    /// <summary>Rewrites one node that nothing speaks against; takes effect with <see cref="Apply"/>.</summary>
    /// <returns><c>null</c>, or why the weight cannot be quantized, as the end of a sentence.</returns>
    public string? Rewrite(DynamicCandidate candidate)
    {
        var node = candidate.Node;
        var isGemm = OnnxModel.Is(node, "Gemm");
        var constant = Constant(candidate);
        var alpha = isGemm ? node.Real("alpha", 1) : 1;
        if (!weights.TryGetValue((constant.Source, constant.IsTransposed, alpha), out var stored))
        {
            weights.Add((constant.Source, constant.IsTransposed, alpha), stored = Store(constant, alpha));
        }

        if (stored is null)
        {
            return "its weight holds a NaN or an infinity";
        }

        if (!edits.TryGetValue(candidate.Scope.Graph, out var edit))
        {
            edits.Add(candidate.Scope.Graph, edit = new GraphEdit(candidate.Scope.Graph));
        }

        edit.Replace(node, Product(candidate, constant, stored, isGemm ? node.InputOrEmpty(2) : string.Empty));
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

    private static ConstantValue Constant(DynamicCandidate candidate) => candidate.Weight with { IsTransposed = candidate.Weight.IsTransposed ^ candidate.IsTurned };

    private static long StoredNow(TensorProto tensor) =>
        TensorReader.Elements(tensor) * ((DataType)tensor.DataType switch { DataType.Float => 4, DataType.Double => 8, _ => 2 });

    private IEnumerable<NodeProto> Product(DynamicCandidate candidate, ConstantValue constant, string[] stored, string bias)
    {
        var node = candidate.Node;
        var output = node.Output[0];
        var product = bias.Length > 0 ? names.Unique(output + "_product") : output;
        List<AttributeProto> attributes =
            [Attribute("K", constant.Dims[0]), Attribute("N", constant.Dims[1]), Attribute("bits", 4L), Attribute("block_size", (long)options.BlockSize)];
        if (options.RoundActivations)
        {
            attributes.Add(Attribute("accuracy_level", 4L));
        }

        yield return Nodes.Make("MatMulNBits", names.Unique(node.Label() + "_int4"), [node.Input[0], .. stored], [product], [.. attributes], "com.microsoft");
        if (bias.Length > 0)
        {
            var beta = node.Real("beta", 1);
            if (beta is not 1)
            {
                var tensor = GraphConstants.Direct(candidate.Scope.Find(bias))!;
                var scaled = names.Unique(bias + "_scaled");
                model.Graph.Initializer.Add(Nodes.Tensor<float>(scaled, DataType.Float, Array.ConvertAll(model.Tensors.Floats(tensor), value => value * beta), tensor.Dims));
                bias = scaled;
            }

            yield return Nodes.Make("Add", names.Unique(node.Label() + "_bias"), [product, bias], [output]);
        }
    }

    private string[]? Store(ConstantValue constant, float alpha)
    {
        var values = constants.Floats(constant);
        if (alpha is not 1)
        {
            System.Numerics.Tensors.TensorPrimitives.Multiply(values, alpha, values);
        }

        if (!QuantizationSteps.IsFinite(values))
        {
            return null;
        }

        var (inputs, outputs) = ((int)constant.Dims[0], (int)constant.Dims[1]);
        var blocks = FourBitBlocks.Quantize(values, inputs, outputs, options.BlockSize, options.Symmetric);
        var graph = constant.Source.Scope.Graph;
        var stem = constant.Source.Name;
        List<string> stored = [names.Unique(stem + "_int4"), names.Unique(stem + "_scales")];
        graph.Initializer.Add(Nodes.Tensor<byte>(stored[0], DataType.Uint8, blocks.Values, outputs, blocks.Blocks, options.BlockSize / 2));
        graph.Initializer.Add(Nodes.Tensor<float>(stored[1], DataType.Float, blocks.Scales, (long)outputs * blocks.Blocks));
        if (blocks.ZeroPoints is not null)
        {
            stored.Add(names.Unique(stem + "_zeros"));
            graph.Initializer.Add(Nodes.Tensor<byte>(stored[2], DataType.Uint8, blocks.ZeroPoints, blocks.ZeroPoints.Length));
        }

        Weights += values.Length;
        return [.. stored];
    }
}
