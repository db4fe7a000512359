using DataType = AiAssignments.Onnx.TensorProto.Types.DataType;

namespace AiAssignments.Onnx.Inspection;

/// <summary>Sizes of the ONNX element types (onnx.proto, TensorProto.DataType).</summary>
internal static class ElementTypes
{
    public const int String = (int)DataType.String;

    /// <summary>Bits of one element; 0 for strings, -1 for a type that the standard does not know.</summary>
    public static int Bits(int type) => type switch
    {
        (int)DataType.Float or (int)DataType.Int32 or (int)DataType.Uint32 => 32,
        (int)DataType.Double or (int)DataType.Int64 or (int)DataType.Uint64 or 14 => 64,
        15 => 128,
        (int)DataType.Float16 or (int)DataType.Bfloat16 or (int)DataType.Int16 or (int)DataType.Uint16 => 16,
        (int)DataType.Uint8 or (int)DataType.Int8 or (int)DataType.Bool or (>= 17 and <= 20) or 24 => 8,
        (int)DataType.Uint4 or (int)DataType.Int4 or 23 => 4,
        25 or 26 => 2,
        String => 0,
        _ => -1,
    };

    /// <summary>Whether an initializer of this type is a weight and not a shape, an axis or a flag.</summary>
    public static bool IsWeight(int type) =>
        type is not ((int)DataType.Int64 or (int)DataType.Int32 or (int)DataType.Uint64 or (int)DataType.Uint32 or (int)DataType.Bool or String);
}
