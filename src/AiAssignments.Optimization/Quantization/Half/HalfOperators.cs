using AiAssignments.Onnx;
using AiAssignments.Optimization.Graphs;

namespace AiAssignments.Optimization.Quantization.Half;

/// <summary>
/// Operators of the default domain whose floating-point inputs and outputs may all be float16 from operator set 11 on (ONNX, Operators.md). Not here, so that they
/// stay in float32: sums over many elements, resizing (its scales are float32 by definition), recurrent layers, control flow, random numbers.
/// </summary>
internal static class HalfOperators
{
    private static readonly HashSet<string> Known = new(StringComparer.Ordinal)
    {
        "Abs", "Add", "AveragePool", "BatchNormalization", "Ceil", "Clip", "Concat", "Conv", "ConvTranspose", "DepthToSpace", "Div", "Dropout", "Elu", "Equal", "Erf",
        "Exp", "Expand", "Flatten", "Floor", "Gather", "GatherElements", "GatherND", "Gelu", "Gemm", "GlobalAveragePool", "GlobalMaxPool", "Greater",
        "GreaterOrEqual", "HardSigmoid", "HardSwish", "Identity", "InstanceNormalization", "LayerNormalization", "LeakyRelu", "Less", "LessOrEqual", "Log",
        "LogSoftmax", "MatMul", "Max", "MaxPool", "Min", "Mul", "Neg", "PRelu", "Pad", "Pow", "Reciprocal", "ReduceMax", "ReduceMean", "ReduceMin", "Relu",
        "Reshape", "Selu", "Sigmoid", "Sign", "Slice", "Softmax", "Softplus", "SpaceToDepth", "Split", "Sqrt", "Squeeze", "Sub", "Tanh", "Tile", "Transpose",
        "Unsqueeze", "Where",
    };

    public static bool Has(NodeProto node) => OnnxModel.Is(node, node.OpType) && Known.Contains(node.OpType) && !(node.OpType == "BatchNormalization" && node.Output.Count > 1);
}
