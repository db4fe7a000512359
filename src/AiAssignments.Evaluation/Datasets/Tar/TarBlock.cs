using System.Text;

namespace AiAssignments.Evaluation.Datasets.Tar;

/// <summary>Fields of a 512-byte header block (POSIX.1-1988 ustar, with GNU's base-256 numbers).</summary>
internal static class TarBlock
{
    /// <summary>Bytes of a block.</summary>
    public const int Size = 512;

    /// <summary>A content size rounded up to whole blocks.</summary>
    public static long Padded(long size) => (size + Size - 1) / Size * Size;

    /// <summary>Whether the block is all zero, as the end marker is.</summary>
    public static bool IsZero(ReadOnlySpan<byte> block) => block.IndexOfAnyExcept((byte)0) < 0;

    /// <summary>Whether the stored checksum is that of the block, summed as unsigned or (old writers) as signed bytes.</summary>
    public static bool ChecksumHolds(ReadOnlySpan<byte> block)
    {
        if (!TryNumber(block.Slice(148, 8), out var stored))
        {
            return false;
        }

        long unsigned = 8 * ' ';
        long signed = 8 * ' ';
        for (var i = 0; i < Size; i++)
        {
            if (i is < 148 or >= 156)
            {
                unsigned += block[i];
                signed += (sbyte)block[i];
            }
        }

        return stored == unsigned || stored == signed;
    }

    /// <summary>An octal or base-256 number; <c>false</c> when it is neither, negative or over 63 bits.</summary>
    public static bool TryNumber(ReadOnlySpan<byte> field, out long value)
    {
        value = 0;
        if ((field[0] & 0x80) != 0)
        {
            // The high bit says base 256; a set second bit would be a negative number.
            value = field[0] & 0x7F;
            foreach (var part in field[1..])
            {
                if (value > long.MaxValue >> 8)
                {
                    return false;
                }

                value = (value << 8) | part;
            }

            return true;
        }

        var digits = field.Trim(" \0"u8);
        foreach (var digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'7' || value > long.MaxValue >> 3)
            {
                return false;
            }

            value = (value << 3) | (long)(digit - '0');
        }

        return true;
    }

    /// <summary>Text up to the first NUL.</summary>
    public static string Text(ReadOnlySpan<byte> field)
    {
        var end = field.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? field : field[..end]);
    }

    /// <summary>The path: name, with ustar's prefix before it. (GNU's own magic keeps times where ustar has the prefix.)</summary>
    public static string Path(ReadOnlySpan<byte> block)
    {
        var name = Text(block[..100]);
        var prefix = block.Slice(257, 6).SequenceEqual("ustar\0"u8) ? Text(block.Slice(345, 155)) : string.Empty;
        return prefix.Length == 0 ? name : $"{prefix}/{name}";
    }
}
