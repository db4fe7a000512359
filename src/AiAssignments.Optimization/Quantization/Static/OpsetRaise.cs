using AiAssignments.Optimization.Graphs;

namespace AiAssignments.Optimization.Quantization.Static;

/// <summary>Raises graphs of operator set 11 or 12 to 13, when all their operators mean the same there (ONNX, Operators.md and Changelog.md).</summary>
internal static class OpsetRaise
{
    /// <summary>First operator set whose DequantizeLinear has an axis.</summary>
    public const long PerChannel = 13;

    private static readonly HashSet<string> Unchanged = new(StringComparer.Ordinal)
    {
        "Abs", "Add", "AveragePool", "BatchNormalization", "Cast", "Clip", "Concat", "Constant", "ConstantOfShape", "Conv", "ConvTranspose", "Div", "Elu", "Erf",
        "Exp", "Expand", "Flatten", "Gather", "Gemm", "GlobalAveragePool", "GlobalMaxPool", "HardSigmoid", "Identity", "InstanceNormalization", "LRN", "LeakyRelu",
        "Log", "MatMul", "Max", "MaxPool", "Min", "Mul", "Neg", "PRelu", "Pad", "Pow", "Reciprocal", "ReduceMax", "ReduceMean", "Relu", "Reshape", "Selu", "Shape",
        "Sigmoid", "Slice", "Softplus", "Sqrt", "Sub", "Sum", "Tanh", "Transpose", "DepthToSpace", "SpaceToDepth", "Dropout",
    };

    public static bool TryRaise(OnnxModel model)
    {
        // Dropout's ratio became an input in 12.
        if (GraphIndex.Of(model.Proto).Nodes().Any(item => OnnxModel.Is(item.Node, item.Node.OpType)
            && (!Unchanged.Contains(item.Node.OpType) || (item.Node.OpType == "Dropout" && model.Opset < 12))))
        {
            return false;
        }

        model.RequireOpset(string.Empty, PerChannel);
        model.Proto.IrVersion = Math.Max(model.Proto.IrVersion, 7);
        return true;
    }
}
