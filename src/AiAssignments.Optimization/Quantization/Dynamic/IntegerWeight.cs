using AiAssignments.Optimization.Graphs;
using AiAssignments.Optimization.Quantization.Numerics;
using static AiAssignments.Onnx.GraphBuilder;
using DataType = AiAssignments.Onnx.TensorProto.Types.DataType;

namespace AiAssignments.Optimization.Quantization.Dynamic;

/// <summary>A weight in integers as it lies in the graph that its source lies in. What is asked for first is added there.</summary>
internal sealed class IntegerWeight
{
    private readonly GraphValue source;
    private readonly QuantizedWeights quantized;
    private readonly bool isTransposed;
    private readonly int axis;
    private readonly GraphNames names;
    private readonly GraphEdit edit;
    private readonly string values;
    private string? turned;
    private (string? Vector, string? Column) scales;
    private (string? Vector, string? Column) zeros;

    /// <param name="source">Where the floats come from.</param>
    /// <param name="quantized">The integers.</param>
    /// <param name="size">Rows and columns, as stored.</param>
    /// <param name="isTransposed">Whether they are stored turned, beside the source.</param>
    /// <param name="axis">Dimension of the source along which scales differ; -1 when there is one for all.</param>
    /// <param name="names">Gives names.</param>
    /// <param name="edit">Takes new nodes of the source's graph.</param>
    public IntegerWeight(GraphValue source, QuantizedWeights quantized, (int Rows, int Columns) size, bool isTransposed, int axis, GraphNames names, GraphEdit edit)
    {
        (this.source, this.quantized, this.isTransposed, this.axis, this.names, this.edit) = (source, quantized, isTransposed, axis, names, edit);
        values = names.Unique(source.Name + "_quantized");
        source.Scope.Graph.Initializer.Add(Nodes.Tensor<byte>(values, quantized.IsSigned ? DataType.Int8 : DataType.Uint8, quantized.Values, size.Rows, size.Columns));
    }

    /// <summary>The scales, one or one for each channel.</summary>
    public float[] Scales => quantized.Scales;

    /// <summary>Sizes of <see cref="Scales"/> as <see cref="Scale"/> gives them in one dimension.</summary>
    public long[] Channels => axis < 0 ? [] : [quantized.Scales.Length];

    /// <summary>Whether there is a scale for each row of the source, or of it turned.</summary>
    public bool IsByRow(bool isTurned) => axis >= 0 && (axis == 1) == isTurned;

    /// <summary>The integers as the source is, or turned. ONNX Runtime turns a constant once, when it loads the graph.</summary>
    public string Values(bool isTurned)
    {
        if (isTurned == isTransposed)
        {
            return values;
        }

        if (turned is null)
        {
            turned = names.Unique(source.Name + "_turned");
            edit.Prepend(Nodes.Make("Transpose", names.Unique(source.Name + "_turn"), [values], [turned], [Attribute("perm", 1, 0)]));
        }

        return turned;
    }

    /// <summary>The scales: a vector (or scalar), or with a second dimension of 1, to be looked up row by row.</summary>
    public string Scale(bool isColumn = false)
    {
        ref var name = ref (isColumn ? ref scales.Column : ref scales.Vector);
        if (name is null)
        {
            name = names.Unique(source.Name + "_scale");
            source.Scope.Graph.Initializer.Add(Nodes.Tensor<float>(name, DataType.Float, quantized.Scales, isColumn ? [.. Channels, 1] : Channels));
        }

        return name;
    }

    /// <summary>The zero points, as <see cref="Scale"/>; <c>null</c> when all are zero.</summary>
    public string? Zero(bool isColumn = false)
    {
        if (quantized.IsSigned)
        {
            return null;
        }

        ref var name = ref (isColumn ? ref zeros.Column : ref zeros.Vector);
        if (name is null)
        {
            name = names.Unique(source.Name + "_zero");
            source.Scope.Graph.Initializer.Add(Nodes.Tensor<byte>(name, DataType.Uint8, quantized.ZeroPoints, isColumn ? [.. Channels, 1] : Channels));
        }

        return name;
    }
}
