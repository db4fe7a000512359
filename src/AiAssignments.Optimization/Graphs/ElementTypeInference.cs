using AiAssignments.Onnx;
using DataType = AiAssignments.Onnx.TensorProto.Types.DataType;

namespace AiAssignments.Optimization.Graphs;

/// <summary>
/// Element types of all values, from what the file declares and from what its operators make (ONNX, Operators.md). Most give the type of their first input; the
/// others are listed here. Operators of other domains give <see cref="DataType.Undefined"/> where the file does not say; operators whose inputs are all of one type
/// tell it of all of them as soon as it is known of one.
/// </summary>
public sealed class ElementTypeInference
{
    private static readonly HashSet<string> Truths = new(StringComparer.Ordinal)
    {
        "Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual", "And", "Or", "Not", "Xor", "IsNaN", "IsInf",
    };

    private static readonly HashSet<string> Counts = new(StringComparer.Ordinal)
    {
        "Shape", "Size", "NonZero", "ArgMax", "ArgMin", "NonMaxSuppression", "SequenceLength", "StringSplit",
    };

    /// <summary>All inputs and the first output are of one type T.</summary>
    private static readonly HashSet<string> Alike = new(StringComparer.Ordinal)
    {
        "Add", "Sub", "Mul", "Div", "Mod", "MatMul", "Gemm", "Conv", "ConvTranspose", "Concat", "Max", "Min", "Mean", "Sum", "Clip", "InstanceNormalization",
        "Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual",
    };

    private readonly Dictionary<GraphValue, DataType> types = [];
    private readonly ILookup<NodeProto, GraphScope> bodies;

    private ElementTypeInference(GraphIndex index) =>
        bodies = index.Scopes.Where(scope => scope.Owner is not null).ToLookup(scope => scope.Owner!, (IEqualityComparer<NodeProto>)ReferenceEqualityComparer.Instance);

    /// <summary>Infers all types.</summary>
    /// <param name="index">The model's graphs.</param>
    public static ElementTypeInference Of(GraphIndex index)
    {
        ArgumentNullException.ThrowIfNull(index);
        var inference = new ElementTypeInference(index);
        inference.Graph(index.Root);
        return inference;
    }

    /// <summary>The type of a value; <see cref="DataType.Undefined"/> when not known.</summary>
    /// <param name="value">The value; <c>null</c> is not known.</param>
    public DataType this[GraphValue? value] => value is null ? DataType.Undefined : types.GetValueOrDefault(value);

    private void Graph(GraphScope scope)
    {
        var graph = scope.Graph;
        foreach (var info in graph.ValueInfo.Concat(graph.Input).Concat(graph.Output))
        {
            if (info.Type?.TensorType is { } tensor && scope.Find(info.Name) is { } value && value.Scope == scope)
            {
                types.TryAdd(value, (DataType)tensor.ElemType);
            }
        }

        foreach (var tensor in graph.Initializer)
        {
            types[scope.Find(tensor.Name)!] = (DataType)tensor.DataType;
        }

        foreach (var node in graph.Node)
        {
            // Nodes are in topological order, and a subgraph sees only what stands before its node.
            foreach (var body in bodies[node])
            {
                Graph(body);
            }

            Share(scope, node);
            for (var at = 0; at < node.Output.Count; at++)
            {
                if (scope.Find(node.Output[at]) is { } value)
                {
                    types.TryAdd(value, Made(scope, node, at));
                }
            }
        }
    }

    private void Share(GraphScope scope, NodeProto node)
    {
        if (!OnnxModel.Is(node, node.OpType) || !Alike.Contains(node.OpType))
        {
            return;
        }

        var inputs = node.Input.Select(scope.Find).Where(value => value is not null).ToList();
        if (inputs.Select(value => this[value]).FirstOrDefault(type => type != DataType.Undefined) is var known and not DataType.Undefined)
        {
            foreach (var value in inputs.Where(value => this[value] == DataType.Undefined))
            {
                types[value!] = known;
            }
        }
    }

    private DataType Made(GraphScope scope, NodeProto node, int output)
    {
        if (!OnnxModel.Is(node, node.OpType))
        {
            return DataType.Undefined;
        }

        if (Truths.Contains(node.OpType))
        {
            return DataType.Bool;
        }

        if (Counts.Contains(node.OpType))
        {
            return DataType.Int64;
        }

        return (node.OpType, output) switch
        {
            ("Constant", _) => (DataType)(GraphConstants.Direct(scope.Find(node.Output[0]))?.DataType ?? 0),
            ("ConstantOfShape", _) => (DataType)(node.Attribute("value")?.T?.DataType ?? (int)DataType.Float),
            ("Cast", _) => (DataType)node.Whole("to", 0),
            ("CastLike", _) or ("Where", _) => Input(scope, node, 1),
            ("OneHot", _) => Input(scope, node, 2),
            ("TopK" or "MaxPool" or "Unique", > 0) => DataType.Int64,
            ("Dropout", 1) => DataType.Bool,
            ("LayerNormalization", > 0) => DataType.Float,
            ("RandomNormal" or "RandomUniform", _) => (DataType)node.Whole("dtype", (long)DataType.Float),
            ("EyeLike" or "RandomNormalLike" or "RandomUniformLike" or "Bernoulli", _) when node.Attribute("dtype") is { } type => (DataType)type.I,
            ("Multinomial", _) => (DataType)node.Whole("dtype", (long)DataType.Int32),
            ("If" or "Scan", _) => Body(node, output),
            ("Loop", _) => Body(node, output + 1),
            ("DequantizeLinear", _) => Input(scope, node, 1),
            ("QuantizeLinear", _) => node.InputOrEmpty(2).Length > 0 ? Input(scope, node, 2) : DataType.Uint8,
            ("DynamicQuantizeLinear", _) => output == 1 ? DataType.Float : DataType.Uint8,
            ("MatMulInteger" or "ConvInteger", _) => DataType.Int32,
            _ => Input(scope, node, 0),
        };
    }

    private DataType Input(GraphScope scope, NodeProto node, int at) => this[scope.Find(node.InputOrEmpty(at))];

    private DataType Body(NodeProto node, int output) =>
        bodies[node].FirstOrDefault() is { } body && output < body.Graph.Output.Count
            ? this[body.Find(body.Graph.Output[output].Name)]
            : DataType.Undefined;
}
