using System.Runtime.InteropServices;

namespace AiAssignments.Optimization.Training.Numerics;

/// <summary>Arrays of known lengths in a stream, as little-endian bytes.</summary>
internal static class FloatArrays
{
    public static void Write(BinaryWriter writer, IEnumerable<float[]> arrays)
    {
        foreach (var array in arrays)
        {
            writer.Write(MemoryMarshal.AsBytes(array.AsSpan()));
        }
    }

    public static void Read(BinaryReader reader, IEnumerable<float[]> arrays)
    {
        foreach (var array in arrays)
        {
            reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(array.AsSpan()));
        }
    }
}
