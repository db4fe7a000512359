using AiAssignments.Core.Errors;
using AiAssignments.Onnx;
using AiAssignments.Onnx.Inspection;
using Google.Protobuf;

namespace AiAssignments.Optimization.Graphs;

/// <summary>
/// A model in memory, to be changed and saved. The graph is held whole; weights in external data stay in their files until they are read
/// (<see cref="Tensors"/>) or copied by <see cref="Save"/>. Not for several threads.
/// </summary>
public sealed class OnnxModel : IDisposable
{
    private OnnxModel(ModelProto proto, OnnxSignature signature, TensorReader tensors)
    {
        Proto = proto;
        Signature = signature;
        Tensors = tensors;
    }

    /// <summary>The model, to be changed in place.</summary>
    public ModelProto Proto { get; }

    /// <summary>The main graph.</summary>
    public GraphProto Graph => Proto.Graph;

    /// <summary>What the file said when it was loaded.</summary>
    public OnnxSignature Signature { get; }

    /// <summary>Reads values of tensors, wherever they lie.</summary>
    public TensorReader Tensors { get; }

    /// <summary>Full paths of the files that <see cref="Tensors"/> may read from.</summary>
    internal IReadOnlySet<string> DataFiles => Signature.ExternalFiles.Select(file => Path.GetFullPath(Path.Combine(Tensors.Folder, file))).ToHashSet(StringComparer.Ordinal);

    /// <summary>Version of the default operator set.</summary>
    public long Opset => OpsetOf(string.Empty) ?? 0;

    /// <summary>Loads a file after it has been inspected.</summary>
    /// <param name="path">The <c>.onnx</c> file.</param>
    /// <param name="limits">What it may be at most; <see cref="OnnxLimits.Default"/> when <c>null</c>.</param>
    /// <exception cref="ProblemException">As <see cref="OnnxInspector.Inspect"/>, and <c>onnx-broken</c>.</exception>
    public static OnnxModel Load(string path, OnnxLimits? limits = null)
    {
        var signature = OnnxInspector.Inspect(path, limits);
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 20, FileOptions.SequentialScan);
            var proto = ModelProto.Parser.ParseFrom(stream);
            return new(proto, signature, new TensorReader(Path.GetDirectoryName(Path.GetFullPath(path))!));
        }
        catch (InvalidProtocolBufferException broken)
        {
            throw new ProblemException(new("onnx-broken", $"The file cannot be parsed: {broken.Message}", path), broken);
        }
    }

    /// <summary>Wraps a model that was built in memory and refers to no file.</summary>
    /// <param name="proto">The model; changed in place by whoever gets it.</param>
    public static OnnxModel Of(ModelProto proto)
    {
        ArgumentNullException.ThrowIfNull(proto);
        var signature = new OnnxSignature
        {
            Inputs = [],
            Outputs = [],
            Opset = proto.OpsetImport.FirstOrDefault(opset => Same(opset.Domain, string.Empty))?.Version ?? 0,
            IrVersion = proto.IrVersion,
            Producer = proto.ProducerName,
            Nodes = proto.Graph.Node.Count,
            Parameters = 0,
            SizeBytes = 0,
            ExternalFiles = [],
        };
        return new(proto, signature, new TensorReader(Path.GetTempPath()));
    }

    /// <summary>Version of an operator set that the model imports.</summary>
    /// <param name="domain">Its domain; empty (or <c>ai.onnx</c>) for the default one.</param>
    /// <returns><c>null</c> when it is not imported.</returns>
    public long? OpsetOf(string domain) =>
        Proto.OpsetImport.FirstOrDefault(opset => Same(opset.Domain, domain))?.Version;

    /// <summary>Makes the model import an operator set, at this version or the later one it imports already.</summary>
    /// <param name="domain">Its domain; empty for the default one.</param>
    /// <param name="version">The version needed.</param>
    public void RequireOpset(string domain, long version)
    {
        if (Proto.OpsetImport.FirstOrDefault(opset => Same(opset.Domain, domain)) is not { } import)
        {
            import = new OperatorSetIdProto { Domain = domain, Version = version };
            Proto.OpsetImport.Add(import);
        }

        import.Version = Math.Max(import.Version, version);
    }

    /// <summary>
    /// Takes initializers off the list of inputs, where old exporters put them: while they stand there, a runtime must expect that a caller replaces them,
    /// and neither folds nor fuses them. Files that must list them (intermediate representation 3) become version 4.
    /// </summary>
    /// <returns>How many stood there.</returns>
    public int DropInitializerInputs()
    {
        var weights = Graph.Initializer.Select(tensor => tensor.Name).ToHashSet(StringComparer.Ordinal);
        var inputs = Graph.Input.Where(input => !weights.Contains(input.Name)).ToList();
        var dropped = Graph.Input.Count - inputs.Count;
        if (dropped > 0)
        {
            Graph.Input.Clear();
            Graph.Input.AddRange(inputs);
        }

        Proto.IrVersion = Math.Max(Proto.IrVersion, 4);
        return dropped;
    }

    /// <summary>Whether a node is of the default operator set and of this type.</summary>
    /// <param name="node">The node.</param>
    /// <param name="operatorType">For example <c>MatMul</c>.</param>
    public static bool Is(NodeProto node, string operatorType)
    {
        ArgumentNullException.ThrowIfNull(node);
        return node.OpType == operatorType && Same(node.Domain, string.Empty);
    }

    /// <summary>
    /// Writes the model: one file up to <paramref name="inlineBytes"/>, and beyond that its large tensors into <c>NAME.data</c> beside it (<c>NAME.2.data</c>
    /// where a graph that is replaced has the first). Both are written under other names and moved when whole, the graph last: whoever is killed leaves the old
    /// or the new one. The model in memory is unchanged.
    /// </summary>
    /// <param name="path">The <c>.onnx</c> file to write, in a folder that exists.</param>
    /// <param name="inlineBytes">Bytes of all tensors up to which they lie in the graph file. Default 1 GiB (protobuf ends at 2 GiB).</param>
    /// <param name="cancellationToken">Stops between tensors; nothing is left behind.</param>
    /// <returns>Bytes written.</returns>
    public long Save(string path, long inlineBytes = 1L << 30, CancellationToken cancellationToken = default) =>
        SaveAs(Path.GetFullPath(path), Graphs.DataFiles.Free(Path.GetFullPath(path), this), inlineBytes, null, cancellationToken);

    /// <summary>As <see cref="Save"/>, with the name of the file beside it given.</summary>
    internal long SaveAs(string path, string dataName, long inlineBytes, Action<string>? moment, CancellationToken cancellationToken) =>
        new ModelWriter(this, path, inlineBytes, dataName, moment).Write(cancellationToken);

    /// <summary>Closes the external data files.</summary>
    public void Dispose() => Tensors.Dispose();

    private static bool Same(string domain, string other) => (domain is "ai.onnx" ? string.Empty : domain) == (other is "ai.onnx" ? string.Empty : other);
}
