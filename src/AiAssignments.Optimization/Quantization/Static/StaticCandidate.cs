using AiAssignments.Onnx;
using AiAssignments.Optimization.Graphs;
using DataType = AiAssignments.Onnx.TensorProto.Types.DataType;

namespace AiAssignments.Optimization.Quantization.Static;

/// <summary>Says whether a node with weights can be quantized.</summary>
internal static class StaticCandidate
{
    public static bool IsOperator(NodeProto node) => OnnxModel.Is(node, "Conv") || OnnxModel.Is(node, "Gemm") || OnnxModel.Is(node, "MatMul");

    /// <summary>Which axis of the weight counts output channels.</summary>
    public static int ChannelAxis(NodeProto node) => OnnxModel.Is(node, "Conv") || (OnnxModel.Is(node, "Gemm") && node.Whole("transB", 0) != 0) ? 0 : 1;

    /// <returns><c>null</c> when the node can be quantized, else why not.</returns>
    public static string? Refusal(GraphScope scope, NodeProto node, GraphConstants constants)
    {
        if (GraphConstants.Find(scope.Find(node.InputOrEmpty(1))) is not { } weight)
        {
            return "its weight is not constant";
        }

        if (weight.ElementType != DataType.Float || !TensorReader.IsFloating(weight.Tensor))
        {
            return $"its weight is of type {weight.ElementType.ToString().ToLowerInvariant()}";
        }

        if (GraphConstants.Find(scope.Find(node.Input[0])) is not null)
        {
            return "its first factor is constant";
        }

        var isConvolution = OnnxModel.Is(node, "Conv");
        if ((isConvolution ? weight.Dims.Count < 3 : weight.Dims.Count != 2) || TensorReader.Elements(weight.Tensor) is 0 or > 1 << 28)
        {
            return "its weight has an unknown layout";
        }

        if (OnnxModel.Is(node, "Gemm") && (node.Whole("transA", 0) != 0 || node.Real("alpha", 1) is not 1 || node.Real("beta", 1) is not 1))
        {
            return "it scales or transposes";
        }

        if (!QuantizationSteps.IsFinite(constants.Floats(weight)))
        {
            return "its weight holds a NaN or an infinity";
        }

        if (node.InputOrEmpty(2).Length == 0)
        {
            return null;
        }

        return GraphConstants.Find(scope.Find(node.Input[2])) is { ElementType: DataType.Float, Dims.Count: 1 } bias && TensorReader.IsFloating(bias.Tensor)
            && bias.Dims[0] == weight.Dims[ChannelAxis(node)] && QuantizationSteps.IsFinite(constants.Floats(bias))
            ? null
            : "its bias is not a constant vector";
    }
}
