using AiAssignments.Onnx;
using Google.Protobuf;
using DataType = AiAssignments.Onnx.TensorProto.Types.DataType;

namespace AiAssignments.Optimization.Graphs;

/// <summary>
/// Finds the weights behind a value: an initializer (listed as an input or not), a <c>Constant</c> node, or one of these through <c>Identity</c>,
/// a two-dimensional <c>Transpose</c>, or a <c>Cast</c> between floating-point types, which exporters leave when they do not fold constants.
/// </summary>
public sealed class GraphConstants
{
    /// <summary>Nodes that a constant is followed through.</summary>
    public const int MostSteps = 16;
    private readonly OnnxModel model;

    /// <summary>Looks into a model.</summary>
    /// <param name="model">The model.</param>
    public GraphConstants(OnnxModel model) => this.model = model;

    /// <summary>The tensor itself: an initializer, or the value of a <c>Constant</c> node.</summary>
    /// <param name="value">A value; <c>null</c> gives <c>null</c>.</param>
    /// <returns><c>null</c> when the value is no constant.</returns>
    public static TensorProto? Direct(GraphValue? value)
    {
        if (value?.Initializer is { } initializer)
        {
            return initializer;
        }

        return value?.Producer is { } node && OnnxModel.Is(node, "Constant") ? Value(node) : null;
    }

    /// <summary>The constant behind a value, and how to read it.</summary>
    /// <param name="value">A value; <c>null</c> gives <c>null</c>.</param>
    /// <returns><c>null</c> when the value depends on an input, or on an operator that is not looked through.</returns>
    public static ConstantValue? Find(GraphValue? value)
    {
        var isTransposed = false;
        var type = (int?)null;
        for (var step = 0; value is not null && step < MostSteps; step++)
        {
            if (Direct(value) is { } tensor)
            {
                return isTransposed && tensor.Dims.Count != 2 ? null : new ConstantValue(value, tensor, isTransposed, (DataType)(type ?? tensor.DataType));
            }

            if (value.Producer is not { } node || node.Input.Count == 0)
            {
                return null;
            }

            if (OnnxModel.Is(node, "Transpose"))
            {
                var order = node.Attribute.FirstOrDefault(attribute => attribute.Name == "perm")?.Ints;
                if (order is not null && !(order is [1, 0]))
                {
                    return null;
                }

                isTransposed = !isTransposed;
            }
            else if (OnnxModel.Is(node, "Cast"))
            {
                type ??= (int)(node.Attribute.FirstOrDefault(attribute => attribute.Name == "to")?.I ?? 0);
            }
            else if (!OnnxModel.Is(node, "Identity"))
            {
                return null;
            }

            value = value.Scope.Find(node.Input[0]);
        }

        return null;
    }

    /// <summary>Values of a constant as float32, in the shape that <see cref="ConstantValue.Dims"/> says.</summary>
    /// <param name="constant">A floating-point constant.</param>
    /// <returns>Row-major, a new array.</returns>
    public float[] Floats(ConstantValue constant)
    {
        ArgumentNullException.ThrowIfNull(constant);
        var values = model.Tensors.Floats(constant.Tensor);
        if (!constant.IsTransposed)
        {
            return values;
        }

        var (rows, columns) = ((int)constant.Tensor.Dims[0], (int)constant.Tensor.Dims[1]);
        var turned = new float[values.Length];
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                turned[(column * rows) + row] = values[(row * columns) + column];
            }
        }

        return turned;
    }

    private static TensorProto? Value(NodeProto node)
    {
        var name = node.Output.Count > 0 ? node.Output[0] : string.Empty;
        foreach (var attribute in node.Attribute)
        {
            switch (attribute.Name)
            {
                case "value":
                    return attribute.T;
                case "value_float":
                    return new TensorProto { Name = name, DataType = (int)DataType.Float, FloatData = { attribute.F } };
                case "value_floats":
                    return new TensorProto { Name = name, DataType = (int)DataType.Float, Dims = { attribute.Floats.Count }, FloatData = { attribute.Floats } };
                case "value_int":
                    return new TensorProto { Name = name, DataType = (int)DataType.Int64, Int64Data = { attribute.I } };
                case "value_ints":
                    return new TensorProto { Name = name, DataType = (int)DataType.Int64, Dims = { attribute.Ints.Count }, Int64Data = { attribute.Ints } };
                case "value_string":
                    return new TensorProto { Name = name, DataType = (int)DataType.String, StringData = { attribute.S ?? ByteString.Empty } };
            }
        }

        return null;
    }
}

/// <summary>Weights behind a value.</summary>
/// <param name="Source">The initializer's or <c>Constant</c> node's own value, before what is looked through. Two uses of one weight have the same one.</param>
/// <param name="Tensor">Where the numbers lie.</param>
/// <param name="IsTransposed">Whether the value is the two-dimensional tensor turned.</param>
/// <param name="ElementType">Element type of the value, which a <c>Cast</c> may have changed.</param>
public sealed record ConstantValue(GraphValue Source, TensorProto Tensor, bool IsTransposed, DataType ElementType)
{
    /// <summary>Sizes of the value.</summary>
    public IReadOnlyList<long> Dims => IsTransposed ? [Tensor.Dims[1], Tensor.Dims[0]] : [.. Tensor.Dims];
}
