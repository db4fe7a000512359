using AiAssignments.Core.Errors;

namespace AiAssignments.Onnx.Inspection;

/// <summary>Walks the graphs, nodes and attributes of a model, subgraphs included.</summary>
internal sealed class GraphScan(WireReader reader, TensorScan tensors, KeptNames names, OnnxLimits limits, string path)
{
    private const int MostInputs = 8;
    private const int MostAttributes = 256;
    private readonly HashSet<string> initializers = new(StringComparer.Ordinal);
    private readonly List<ConstantScope> scopes = [];
    private ConstantScope? scope;

    /// <summary>Operators of the graph (and, while one is read, of a function).</summary>
    public List<(string Domain, string Operator)> Operators { get; private set; } = [];

    public List<OnnxValue> Inputs { get; } = [];

    public List<OnnxValue> Outputs { get; } = [];

    public HashSet<string> Initializers => initializers;

    public long Parameters { get; private set; }

    public long NodeCount { get; private set; }

    public void Graph(int wire, long end, int depth)
    {
        if (depth > limits.GraphDepth)
        {
            throw new ProblemException("onnx-too-deep", $"Graphs nest deeper than {limits.GraphDepth}.", path);
        }

        var around = scope;
        Open(new(around));
        for (var stop = reader.Enter(wire, end); reader.Tag(stop, out var field, out var inner);)
        {
            switch (field)
            {
                case 1:
                    Node(inner, stop, depth);
                    break;
                case 5:
                    Count(tensors.Read(reader.Enter(inner, stop)), depth);
                    break;
                case 11 when depth == 0:
                    Inputs.Add(Kept(ValueScan.Read(reader, inner, stop)));
                    break;
                case 12 when depth == 0:
                    Outputs.Add(Kept(ValueScan.Read(reader, inner, stop)));
                    break;
                case 15:
                    Sparse(inner, stop, depth);
                    break;
                default:
                    reader.Skip(inner, stop);
                    break;
            }
        }

        scope = around;
    }

    /// <summary>Refuses nodes that make too much; called at the end, because a file may list constants after the nodes that use them.</summary>
    public void CheckSizes()
    {
        var sizes = new ComputedSizes(limits, path);
        scopes.ForEach(sizes.Check);
    }

    public void Function(int wire, long end, FunctionExpansion functions)
    {
        var (domain, name) = (string.Empty, string.Empty);
        var outside = Operators;
        Operators = [];
        Open(new(null));
        for (var stop = reader.Enter(wire, end); reader.Tag(stop, out var field, out var inner);)
        {
            switch (field)
            {
                case 1:
                    name = names.Once(reader.Text(inner, stop, WireReader.LongestOperator));
                    break;
                case 7:
                    Node(inner, stop, 0);
                    break;
                case 10:
                    domain = names.Once(reader.Text(inner, stop, WireReader.LongestOperator));
                    break;
                case 11:
                    Attribute(inner, stop, 0);
                    break;
                default:
                    reader.Skip(inner, stop);
                    break;
            }
        }

        scope = null;
        names.Charge(0);
        functions.Add(domain, name, Operators);
        Operators = outside;
    }

    private void Node(int wire, long end, int depth)
    {
        if (++NodeCount > limits.Nodes)
        {
            throw new ProblemException("onnx-too-large", $"The file has more than {limits.Nodes} nodes.", path);
        }

        var (domain, type, output) = (string.Empty, string.Empty, string.Empty);
        var inputs = new List<string>();
        var attributes = new List<KeyValuePair<string, Constant>>();
        for (var stop = reader.Enter(wire, end); reader.Tag(stop, out var field, out var inner);)
        {
            switch (field)
            {
                case 1 when inputs.Count < MostInputs:
                    inputs.Add(reader.Text(inner, stop, WireReader.LongestName));
                    break;
                case 2 when output.Length == 0:
                    output = reader.Text(inner, stop, WireReader.LongestName);
                    break;
                case 4:
                    type = names.Once(reader.Text(inner, stop, WireReader.LongestOperator));
                    break;
                case 5:
                    attributes.Add(attributes.Count < MostAttributes ? Attribute(inner, stop, depth) : throw reader.Broken(reader.Position, $"a node has more than {MostAttributes} attributes"));
                    break;
                case 7:
                    domain = names.Once(reader.Text(inner, stop, WireReader.LongestOperator));
                    break;
                default:
                    reader.Skip(inner, stop);
                    break;
            }
        }

        domain = domain == "ai.onnx" ? string.Empty : domain;
        Operators.Add((domain, type));
        names.Charge(0, 16);
        if (domain.Length == 0 && type == "Constant")
        {
            attributes.ForEach(attribute => Know(output, attribute.Value));
        }
        else if (ComputedSizes.Grows(domain, type))
        {
            var kept = attributes.FindAll(attribute => attribute.Value.Elements > 0);
            names.Charge(inputs.Sum(name => name.Length) + kept.Sum(attribute => attribute.Key.Length), 256 + kept.Sum(attribute => 64 + (8 * (attribute.Value.Values?.Length ?? 0))));
            scope!.Growing.Add(new(domain, type, inputs, kept));
        }
    }

    private KeyValuePair<string, Constant> Attribute(int wire, long end, int depth)
    {
        var name = string.Empty;
        var values = new SmallValues(reader);
        Constant? held = null;
        var (tensor, graph, sparse) = (0, 0, 0);
        for (var stop = reader.Enter(wire, end); reader.Tag(stop, out var field, out var inner);)
        {
            switch (field)
            {
                case 1:
                    name = reader.Text(inner, stop, WireReader.LongestName);
                    break;
                case 2 or 7:
                    values.Read(SmallValues.Form.Float, inner, stop);
                    break;
                case 3 or 8:
                    values.Read(SmallValues.Form.Integer, inner, stop);
                    break;
                case 5:
                    Once(ref tensor);
                    held = tensors.Read(reader.Enter(inner, stop)).Constant;
                    break;
                case 10:
                    tensors.Read(reader.Enter(inner, stop));
                    break;
                case 6:
                    Once(ref graph);
                    Graph(inner, stop, depth + 1);
                    break;
                case 11:
                    Graph(inner, stop, depth + 1);
                    break;
                case 22:
                    Once(ref sparse);
                    Sparse(inner, stop, depth + 1);
                    break;
                case 23:
                    Sparse(inner, stop, depth + 1);
                    break;
                default:
                    reader.Skip(inner, stop);
                    break;
            }
        }

        return new(name, held ?? values.ToConstant());
    }

    private void Sparse(int wire, long end, int depth)
    {
        var dims = new List<long>();
        TensorScan.Declared values = default;
        var (first, second) = (0, 0);
        for (var stop = reader.Enter(wire, end); reader.Tag(stop, out var field, out var inner);)
        {
            switch (field)
            {
                case 1:
                    Once(ref first);
                    values = tensors.Read(reader.Enter(inner, stop));
                    break;
                case 2:
                    Once(ref second);
                    tensors.Read(reader.Enter(inner, stop));
                    break;
                case 3:
                    tensors.ReadDimensions(inner, stop, dims);
                    break;
                default:
                    reader.Skip(inner, stop);
                    break;
            }
        }

        var dense = tensors.Elements(dims, values.Name ?? string.Empty);
        if (dense > limits.DenseBytes / Math.Max(1, ElementTypes.Bits(values.Type) / 8))
        {
            throw new ProblemException("onnx-tensor-size", $"The sparse tensor '{values.Name}' would take more than {limits.DenseBytes} bytes once made dense.", path);
        }

        Count(values, depth);
    }

    // Protobuf merges a message field that comes twice: two harmless halves could make a harmful whole.
    private void Once(ref int seen)
    {
        if (++seen > 1)
        {
            throw reader.Broken(reader.Position, "a field that may come once comes twice");
        }
    }

    private void Count(TensorScan.Declared tensor, int depth)
    {
        var name = tensor.Name ?? string.Empty;
        if (depth == 0 && initializers.Add(name))
        {
            names.Charge(0);
        }

        Know(name, tensor.Constant);

        if (ElementTypes.IsWeight(tensor.Type))
        {
            Parameters += tensor.Elements;
        }
    }

    private void Open(ConstantScope opened)
    {
        names.Charge(0, 256);
        scopes.Add(opened);
        scope = opened;
    }

    private void Know(string name, Constant constant)
    {
        names.Charge(name.Length, 128 + (8 * (constant.Values?.Length ?? 0)));
        scope?.Add(name, constant);
    }

    private OnnxValue Kept(OnnxValue value)
    {
        names.Charge(value.Name.Length + (value.Shape?.Sum(dimension => dimension.Symbol?.Length ?? 0) ?? 0), 128 + (64 * (value.Shape?.Count ?? 0)));
        return value;
    }
}
