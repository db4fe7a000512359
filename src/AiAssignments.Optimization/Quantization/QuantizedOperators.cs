using AiAssignments.Core.Errors;
using AiAssignments.Onnx;
using AiAssignments.Optimization.Graphs;

namespace AiAssignments.Optimization.Quantization;

/// <summary>Recognizes a model that holds integers for weights already.</summary>
internal static class QuantizedOperators
{
    private static readonly HashSet<string> Names = new(StringComparer.Ordinal)
    {
        "QuantizeLinear", "DequantizeLinear", "DynamicQuantizeLinear", "MatMulInteger", "ConvInteger", "MatMulIntegerToFloat", "DynamicQuantizeMatMul",
        "DynamicQuantizeLSTM", "MatMulNBits", "MatMulBnb4", "GatherBlockQuantized", "QAttention", "QGemm", "QEmbedLayerNormalization", "QMoE",
        "QOrderedMatMul", "QOrderedAttention", "QOrderedGelu", "QOrderedLayerNormalization",
    };

    /// <summary>Throws for such a model.</summary>
    /// <exception cref="ProblemException"><c>already-quantized</c>, with the node.</exception>
    public static void Refuse(GraphIndex index, ModelProto model)
    {
        var nodes = index.Nodes().Select(item => item.Node).Concat(model.Functions.SelectMany(function => function.Node));
        if (nodes.FirstOrDefault(IsOne) is { } node)
        {
            throw new ProblemException("already-quantized", $"The model is quantized already: node '{node.Label()}' is a {node.OpType}. Start from its float version.");
        }
    }

    private static bool IsOne(NodeProto node) => Names.Contains(node.OpType) || node.OpType.StartsWith("QLinear", StringComparison.Ordinal);
}
