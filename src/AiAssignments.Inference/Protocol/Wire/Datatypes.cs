using DataType = AiAssignments.Onnx.TensorProto.Types.DataType;

namespace AiAssignments.Inference.Protocol.Wire;

/// <summary>Datatype names of the Open Inference Protocol v2 ("Tensor Data Types" of the specification, and Triton's <c>BF16</c>).</summary>
public static class Datatypes
{
    private static readonly (string Name, DataType Type, int Size)[] All =
    [
        ("BOOL", DataType.Bool, 1),
        ("UINT8", DataType.Uint8, 1),
        ("UINT16", DataType.Uint16, 2),
        ("UINT32", DataType.Uint32, 4),
        ("UINT64", DataType.Uint64, 8),
        ("INT8", DataType.Int8, 1),
        ("INT16", DataType.Int16, 2),
        ("INT32", DataType.Int32, 4),
        ("INT64", DataType.Int64, 8),
        ("FP16", DataType.Float16, 2),
        ("FP32", DataType.Float, 4),
        ("FP64", DataType.Double, 8),
        ("BF16", DataType.Bfloat16, 2),
        ("BYTES", DataType.String, 0),
    ];

    /// <summary>All names, for messages.</summary>
    internal static string Names { get; } = string.Join(", ", All.Select(each => each.Name));

    /// <summary>Reads a name.</summary>
    /// <param name="name">For example <c>FP32</c>; the case matters.</param>
    /// <returns>The element type, <c>String</c> for <c>BYTES</c>; <c>null</c> for a name that the protocol does not know.</returns>
    public static DataType? Find(string name)
    {
        foreach (var each in All)
        {
            if (each.Name == name)
            {
                return each.Type;
            }
        }

        return null;
    }

    /// <summary>The protocol's name of an element type.</summary>
    /// <param name="type">The type.</param>
    /// <returns>For example <c>INT64</c>; <c>null</c> for a type that the protocol cannot carry.</returns>
    public static string? NameOf(DataType type)
    {
        foreach (var each in All)
        {
            if (each.Type == type)
            {
                return each.Name;
            }
        }

        return null;
    }

    /// <summary>Bytes of one element; 0 for <c>BYTES</c>, whose elements say their length themselves.</summary>
    /// <param name="type">The type.</param>
    /// <exception cref="ArgumentOutOfRangeException">The protocol cannot carry the type.</exception>
    public static int SizeOf(DataType type)
    {
        foreach (var each in All)
        {
            if (each.Type == type)
            {
                return each.Size;
            }
        }

        throw new ArgumentOutOfRangeException(nameof(type), type, "The protocol cannot carry this type.");
    }
}
