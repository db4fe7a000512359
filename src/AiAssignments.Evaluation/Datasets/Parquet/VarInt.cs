namespace AiAssignments.Evaluation.Datasets.Parquet;

/// <summary>Variable-length integers of the encodings (LEB128, zigzag).</summary>
internal static class VarInt
{
    /// <summary>An unsigned number.</summary>
    public static ulong Unsigned(ReadOnlySpan<byte> data, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var part = data[at++];
            value |= (ulong)(part & 0x7F) << shift;
            if ((part & 0x80) == 0)
            {
                return value;
            }
        }

        throw ParquetProblem.Corrupt("a number without an end");
    }

    /// <summary>A signed number.</summary>
    public static long Signed(ReadOnlySpan<byte> data, ref int at)
    {
        var value = Unsigned(data, ref at);
        return (long)(value >> 1) ^ -(long)(value & 1);
    }
}
