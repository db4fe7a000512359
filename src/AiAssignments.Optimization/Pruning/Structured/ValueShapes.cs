using AiAssignments.Core.Errors;
using AiAssignments.Onnx;
using AiAssignments.Optimization.Graphs;
using AiAssignments.Optimization.Pruning.Structured.Axes;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;

namespace AiAssignments.Optimization.Pruning.Structured;

/// <summary>
/// Shapes of the main graph's values, as ONNX Runtime infers them: it loads a copy of the graph that gives all of them out, in which large weights are inputs of
/// the same shape, so that the copy is small. Results of a Reshape to computed sizes, of which it would not even tell how many, become inputs as well, with the
/// sizes that are written in numbers.
/// </summary>
internal sealed class ValueShapes
{
    private const int LargeWeight = 256;
    private readonly Dictionary<string, int[]> shapes = new(StringComparer.Ordinal);

    private ValueShapes()
    {
    }

    /// <exception cref="ProblemException"><c>model-load-failed</c>: ONNX Runtime does not take the copy.</exception>
    public static ValueShapes Of(OnnxModel model)
    {
        var found = new ValueShapes();
        foreach (var tensor in model.Graph.Initializer)
        {
            found.shapes[tensor.Name] = [.. tensor.Dims.Select(size => (int)Math.Min(size, int.MaxValue))];
        }

        try
        {
            using var options = new SessionOptions
            {
                GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL,
                LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
                IntraOpNumThreads = 1,
            };
            using var session = new InferenceSession(Open(model).ToByteArray(), options);
            foreach (var (name, metadata) in session.InputMetadata.Concat(session.OutputMetadata))
            {
                if (metadata.OnnxValueType == OnnxValueType.ONNX_TYPE_TENSOR)
                {
                    found.shapes.TryAdd(name, metadata.Dimensions);
                }
            }
        }
        catch (OnnxRuntimeException refused)
        {
            throw new ProblemException(new("model-load-failed", $"ONNX Runtime does not tell the shapes in this graph: {refused.Message.Split('\n')[0]}"), refused);
        }

        return found;
    }

    /// <summary>Sizes of a value of the main graph; -1 for one that is not fixed. <c>null</c> when not even their number is known.</summary>
    /// <remarks>ONNX Runtime gives an empty list for scalars and for unknown ranks: only constants are taken to be scalars.</remarks>
    public IReadOnlyList<int>? this[GraphValue value]
    {
        get
        {
            if (GraphConstants.Direct(value) is { } tensor)
            {
                return [.. tensor.Dims.Select(size => (int)Math.Min(size, int.MaxValue))];
            }

            return value.Scope.Parent is null && shapes.TryGetValue(value.Name, out var shape) && shape.Length > 0 ? shape : null;
        }
    }

    private static ModelProto Open(OnnxModel model)
    {
        // Weights are not copied: the clone shares their bytes, and the large ones are left out.
        var copy = model.Proto.Clone();
        var graph = copy.Graph;
        var large = graph.Initializer.Where(tensor => TensorReader.IsFloating(tensor) && TensorReader.Elements(tensor) >= LargeWeight).ToList();
        var small = graph.Initializer.Where(tensor => !TensorReader.IsFloating(tensor) || TensorReader.Elements(tensor) < LargeWeight).ToList();
        graph.Initializer.Clear();
        graph.Initializer.AddRange(small);
        graph.Input.AddRange(large.Select(Input));
        Cut(model, graph);
        foreach (var tensor in TensorWalk.All(copy).Where(TensorReader.IsExternal))
        {
            // What is still outside (indices, small weights, constants of nodes) comes in, since a copy in memory has no folder.
            ElementBytes.Read(model, tensor).Write(tensor, tensor.Dims);
        }

        var given = graph.Output.Select(output => output.Name).ToHashSet(StringComparer.Ordinal);
        graph.Output.AddRange(graph.Node.SelectMany(node => node.Output).Where(name => name.Length > 0 && given.Add(name)).Select(name => new ValueInfoProto { Name = name }));
        return copy;
    }

    private static void Cut(OnnxModel model, GraphProto graph)
    {
        var index = GraphIndex.Of(model.Proto);
        var types = ElementTypeInference.Of(index);
        var names = new GraphNames(model.Proto);
        var edit = new GraphEdit(graph);
        foreach (var node in graph.Node)
        {
            var type = types[index.Root.Find(node.Output.FirstOrDefault() ?? string.Empty)];
            if (type == TensorProto.Types.DataType.Undefined || index.Root.Find(node.InputOrEmpty(1)) is not { } sizes || GraphConstants.Direct(sizes) is not null)
            {
                continue;
            }

            if (OnnxModel.Is(node, "Reshape") && index.Root.Find(node.Output[0]) is { IsOutput: false } && ReshapeShape.Of(model, index.Root, null, node) is { } shape)
            {
                edit.Remove(node);
                graph.Input.Add(Input(node.Output[0], (int)type, shape.Entries.Select(entry => entry is > 0 ? entry.Value : -1)));
            }
            else if (OnnxModel.Is(node, "Expand") && sizes.Producer is { OpType: "Shape", Attribute.Count: 0 } like && types[index.Root.Find(like.Input[0])] is not TensorProto.Types.DataType.Undefined and var other)
            {
                // A sum has the same shape, and its rank is told even where no size is.
                var (left, sum) = (names.Unique(node.Output[0] + "_left"), names.Unique(node.Output[0] + "_sum"));
                edit.Replace(
                    node,
                    Nodes.Make("Cast", names.Unique("cast"), [node.Input[0]], [left], [GraphBuilder.Attribute("to", (long)other)]),
                    Nodes.Make("Add", names.Unique("sum"), [left, like.Input[0]], [sum]),
                    Nodes.Make("Cast", names.Unique("cast"), [sum], [node.Output[0]], [GraphBuilder.Attribute("to", (long)type)]));
            }
        }

        edit.Apply();
    }

    private static ValueInfoProto Input(TensorProto tensor) => Input(tensor.Name, tensor.DataType, tensor.Dims);

    private static ValueInfoProto Input(string name, int type, IEnumerable<long> sizes)
    {
        var shape = new TensorShapeProto();
        shape.Dim.AddRange(sizes.Select(size => size >= 0 ? new TensorShapeProto.Types.Dimension { DimValue = size } : new()));
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = type, Shape = shape } } };
    }
}
