using DataType = AiAssignments.Onnx.TensorProto.Types.DataType;

namespace AiAssignments.Inference.Serving.Tensors;

/// <summary>Element types that travel as bytes.</summary>
internal static class TensorTypes
{
    /// <summary>Bytes of one element; 0 for a type that is not taken (strings, complex numbers, elements smaller than a byte).</summary>
    public static int Size(DataType type) => type switch
    {
        DataType.Bool or DataType.Uint8 or DataType.Int8 => 1,
        DataType.Float16 or DataType.Bfloat16 or DataType.Int16 or DataType.Uint16 => 2,
        DataType.Float or DataType.Int32 or DataType.Uint32 => 4,
        DataType.Double or DataType.Int64 or DataType.Uint64 => 8,
        _ => 0,
    };
}
