using AiAssignments.Core.Errors;

namespace AiAssignments.Onnx.Inspection;

/// <summary>
/// Reads an ONNX file before a runtime sees it: walks the protobuf as a stream, jumps over the weights, and refuses what a runtime should never be given.
/// Memory does not grow with the weights. Sizes that nodes compute are looked at where they follow from constants in the file; those that depend on data are
/// bounded only by the memory of the process that runs the graph.
/// </summary>
public static class OnnxInspector
{
    private static readonly HashSet<string> KnownDomains =
        ["", "ai.onnx.ml", "ai.onnx.training", "ai.onnx.preview.training", "com.microsoft", "com.microsoft.nchwc"];

    /// <summary>Inspects a file.</summary>
    /// <param name="path">The <c>.onnx</c> file.</param>
    /// <param name="limits">What it may be at most; <see cref="OnnxLimits.Default"/> when <c>null</c>.</param>
    /// <exception cref="ProblemException">
    /// <c>onnx-missing</c>, <c>onnx-not-a-model</c>, <c>onnx-broken</c> (with the byte), <c>onnx-too-large</c>, <c>onnx-too-deep</c>, <c>onnx-tensor-size</c>,
    /// <c>onnx-tensor-type</c>, <c>onnx-external-data</c>, <c>onnx-external-data-outside</c>, <c>onnx-external-data-link</c>, <c>onnx-external-data-missing</c>,
    /// <c>onnx-external-data-short</c>, <c>onnx-custom-operator</c>, <c>onnx-function</c>, <c>onnx-training-info</c>.
    /// </exception>
    public static OnnxSignature Inspect(string path, OnnxLimits? limits = null)
    {
        limits ??= OnnxLimits.Default;
        if (!File.Exists(path))
        {
            throw new ProblemException("onnx-missing", "There is no such file.", path);
        }

        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        if (stream.Length > limits.FileBytes)
        {
            throw new ProblemException("onnx-too-large", $"The file has {stream.Length} bytes; at most {limits.FileBytes} are read. Keep large weights as external data.", path);
        }

        FirstBytes.RefuseOthers(stream, path);
        return Model(new WireReader(stream, path), limits, path);
    }

    private static OnnxSignature Model(WireReader reader, OnnxLimits limits, string path)
    {
        var external = new ExternalData(path);
        var names = new KeptNames(limits.KeptBytes, path);
        var graph = new GraphScan(reader, new TensorScan(reader, external, path), names, limits, path);
        var functions = new FunctionExpansion(limits, path);
        var opsets = new Dictionary<string, long>(StringComparer.Ordinal);
        var (irVersion, producer, graphs, end) = (0L, string.Empty, 0, reader.Length);
        while (reader.Tag(end, out var field, out var wire))
        {
            switch (field)
            {
                case 1:
                    reader.Expect(wire, WireReader.VarintType, reader.Position);
                    irVersion = (long)reader.Varint(end);
                    break;
                case 2:
                    producer = reader.Text(wire, end);
                    break;
                case 7 when ++graphs > 1:
                    throw reader.Broken(reader.Position, "a second graph begins");
                case 7:
                    graph.Graph(wire, end, 0);
                    break;
                case 8:
                    Opset(reader, wire, end, opsets, names);
                    break;
                case 20:
                    throw new ProblemException("onnx-training-info", "The model carries training graphs; export it for inference.", path);
                case 25:
                    graph.Function(wire, end, functions);
                    break;
                default:
                    reader.Skip(wire, end);
                    break;
            }
        }

        graph.CheckSizes();
        if (graphs == 0 || opsets.Count == 0 || graph.Outputs.Count == 0)
        {
            throw new ProblemException("onnx-not-a-model", "This is not an ONNX model: it has no graph with outputs and a version of the operator set.", path);
        }

        var nodes = functions.Expand(graph.Operators);
        RefuseCustom(graph, functions, opsets, path);
        var size = reader.Length + external.Files.Values.Sum();
        if (size > limits.TotalBytes)
        {
            throw new ProblemException("onnx-too-large", $"The model has {size} bytes with its external data; at most {limits.TotalBytes} are read.", path);
        }

        return new()
        {
            Inputs = [.. graph.Inputs.Where(input => !graph.Initializers.Contains(input.Name)).Select(input => Bounded(input, limits, path))],
            Outputs = [.. graph.Outputs.Select(output => Bounded(output, limits, path))],
            Opset = opsets.GetValueOrDefault(string.Empty),
            IrVersion = irVersion,
            Producer = producer,
            Nodes = nodes,
            Parameters = graph.Parameters,
            SizeBytes = size,
            ExternalFiles = [.. external.Files.Keys],
        };
    }

    private static void Opset(WireReader reader, int wire, long end, Dictionary<string, long> opsets, KeptNames names)
    {
        var (domain, version) = (string.Empty, 0L);
        for (var stop = reader.Enter(wire, end); reader.Tag(stop, out var field, out var inner);)
        {
            switch (field)
            {
                case 1:
                    domain = names.Once(reader.Text(inner, stop, WireReader.LongestOperator));
                    break;
                case 2:
                    reader.Expect(inner, WireReader.VarintType, reader.Position);
                    version = (long)reader.Varint(stop);
                    break;
                default:
                    reader.Skip(inner, stop);
                    break;
            }
        }

        opsets[domain == "ai.onnx" ? string.Empty : domain] = version;
    }

    private static void RefuseCustom(GraphScan graph, FunctionExpansion functions, Dictionary<string, long> opsets, string path)
    {
        // EPContext hands a file or a blob to a hardware vendor's compiler: custom code by another name.
        var custom = graph.Operators.Concat(functions.Operators)
            .Where(node => (!KnownDomains.Contains(node.Domain) && !functions.Defines(node.Domain, node.Operator)) || node.Operator == "EPContext")
            .Select(node => $"{node.Domain}:{node.Operator}")
            .Distinct()
            .Order(StringComparer.Ordinal)
            .ToList();
        if (custom.Count > 0)
        {
            var shown = string.Join(", ", custom.Take(5)) + (custom.Count > 5 ? $" and {custom.Count - 5} more" : string.Empty);
            throw new ProblemException("onnx-custom-operator", $"The model needs custom operators, which are not run: {shown}. Export it with standard operators only.", path);
        }

        if (!opsets.ContainsKey(string.Empty) && graph.Operators.Any(node => node.Domain.Length == 0))
        {
            throw new ProblemException("onnx-not-a-model", "The model does not say which version of the default operator set it uses.", path);
        }
    }

    private static OnnxValue Bounded(OnnxValue value, OnnxLimits limits, string path)
    {
        var elements = 1L;
        foreach (var size in value.Shape?.Select(dimension => dimension.Size ?? 1) ?? [])
        {
            elements = size > limits.ValueElements / elements
                ? throw new ProblemException("onnx-tensor-size", $"The graph's value '{value}' would have more than {limits.ValueElements} elements.", path)
                : elements * size;
        }

        return value;
    }
}
