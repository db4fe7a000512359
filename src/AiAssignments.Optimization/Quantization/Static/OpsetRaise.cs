using AiAssignments.Onnx;
using AiAssignments.Optimization.Graphs;
using static AiAssignments.Onnx.GraphBuilder;
using DataType = AiAssignments.Onnx.TensorProto.Types.DataType;

namespace AiAssignments.Optimization.Quantization.Static;

/// <summary>
/// Raises graphs of operator set 11 or 12 to 13 (ONNX, Operators.md and Changelog.md). Operators that mean the same there stay; Softmax and its kin, which worked
/// on a matrix made of all dimensions, and operators whose axes or sizes became an input, are rewritten. With any other, the graph stays as it is.
/// </summary>
internal static class OpsetRaise
{
    /// <summary>First operator set whose DequantizeLinear has an axis.</summary>
    public const long PerChannel = 13;

    private static readonly HashSet<string> Unchanged = new(StringComparer.Ordinal)
    {
        "Abs", "Add", "And", "ArgMax", "ArgMin", "AveragePool", "BatchNormalization", "Cast", "Ceil", "Clip", "Concat", "Constant", "ConstantOfShape", "Conv",
        "ConvTranspose", "DepthToSpace", "Div", "Dropout", "Elu", "Equal", "Erf", "Exp", "Expand", "Flatten", "Floor", "GRU", "Gather", "GatherElements", "GatherND",
        "Gemm", "GlobalAveragePool", "GlobalMaxPool", "Greater", "GreaterOrEqual", "HardSigmoid", "Identity", "If", "InstanceNormalization", "LRN", "LSTM", "LeakyRelu",
        "Less", "LessOrEqual", "Log", "Loop", "MatMul", "Max", "MaxPool", "Mean", "Min", "Mul", "Neg", "Not", "OneHot", "Or", "PRelu", "Pad", "Pow", "Reciprocal", "ReduceMax",
        "ReduceMean", "ReduceMin", "ReduceProd", "Relu", "Reshape", "Scan", "Selu", "Shape", "Sigmoid", "Sign", "Size", "Slice", "Softplus", "SpaceToDepth", "Sqrt", "Sub",
        "Sum", "Tanh", "Tile", "TopK", "Transpose", "Where", "Xor",
    };

    /// <summary>On all dimensions from the axis (default 1) on, taken together, up to 12; along one axis from 13 on.</summary>
    private static readonly HashSet<string> Coerced = new(StringComparer.Ordinal) { "Softmax", "LogSoftmax", "Hardmax" };

    /// <summary>With the attribute that became the second input in 13.</summary>
    private static readonly Dictionary<string, string> Moved = new(StringComparer.Ordinal)
    {
        ["Squeeze"] = "axes",
        ["Unsqueeze"] = "axes",
        ["ReduceSum"] = "axes",
        ["Split"] = "split",
    };

    /// <returns>Whether the model is of operator set 13 now; unchanged when it is not.</returns>
    public static bool TryRaise(OnnxModel model)
    {
        var index = GraphIndex.Of(model.Proto);

        // Dropout's ratio became an input in 12. What lies in functions has operator sets of its own.
        if (index.Nodes().Any(item => OnnxModel.Is(item.Node, item.Node.OpType) && (!IsKnown(item.Node) || (item.Node.OpType == "Dropout" && model.Opset < 12))))
        {
            return false;
        }

        var names = new GraphNames(model.Proto);
        foreach (var scope in index.Scopes)
        {
            var edit = new GraphEdit(scope.Graph);
            foreach (var node in scope.Graph.Node.Where(node => OnnxModel.Is(node, node.OpType)))
            {
                if (Coerced.Contains(node.OpType))
                {
                    edit.Replace(node, [.. Along(scope, node, names)]);
                }
                else if (Moved.TryGetValue(node.OpType, out var attribute) && node.Attribute(attribute) is { } moved)
                {
                    var input = names.Unique($"{node.Label()}_{attribute}");
                    scope.Graph.Initializer.Add(Nodes.Tensor<long>(input, DataType.Int64, [.. moved.Ints], moved.Ints.Count));
                    node.Attribute.Remove(moved);
                    node.Input.Add(input);
                }
            }

            edit.Apply();
        }

        model.RequireOpset(string.Empty, PerChannel);
        model.Proto.IrVersion = Math.Max(model.Proto.IrVersion, 7);
        return true;
    }

    private static bool IsKnown(NodeProto node) => Unchanged.Contains(node.OpType) || Coerced.Contains(node.OpType) || Moved.ContainsKey(node.OpType);

    // Along the last axis both are one; otherwise the matrix is made by hand, and turned back into the shape that there was.
    private static IEnumerable<NodeProto> Along(GraphScope scope, NodeProto node, GraphNames names)
    {
        var axis = node.Whole("axis", 1);
        var last = node.Clone();
        last.Attribute.Clear();
        last.Attribute.Add(Attribute("axis", -1L));
        if (axis == -1 || RankOf(scope, node) is { } rank && axis == rank - 1)
        {
            yield return last;
            yield break;
        }

        var (input, output) = (node.Input[0], node.Output[0]);
        var (shape, matrix, result) = (names.Unique(output + "_shape"), names.Unique(output + "_matrix"), names.Unique(output + "_rows"));
        last.Input[0] = matrix;
        last.Output[0] = result;
        yield return Nodes.Make("Shape", names.Unique(node.Label() + "_shape"), [input], [shape]);
        yield return Nodes.Make("Flatten", names.Unique(node.Label() + "_matrix"), [input], [matrix], [Attribute("axis", axis)]);
        yield return last;
        yield return Nodes.Make("Reshape", names.Unique(node.Label() + "_reshape"), [result, shape], [output]);
    }

    // Input and output have the same rank: whichever the file declares.
    private static int? RankOf(GraphScope scope, NodeProto node) =>
        scope.Graph.ValueInfo.Concat(scope.Graph.Input).Concat(scope.Graph.Output)
            .FirstOrDefault(info => (info.Name == node.Input[0] || info.Name == node.Output[0]) && info.Type?.TensorType?.Shape is not null)?.Type.TensorType.Shape.Dim.Count;
}
