using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using AiAssignments.Evaluation.Datasets.Text;

namespace AiAssignments.Evaluation.Datasets.JsonLines;

/// <summary>Finds the lines, ended by LF, that hold anything but blanks, tabs and CR.</summary>
internal sealed class LineScanner(long offset, int shardRecords) : BoundaryScanner(offset, 1, shardRecords)
{
    private readonly Vector256<byte> feeds = Vector256.Create((byte)'\n');
    private long lineStart = offset;
    private bool counted;

    /// <summary>A byte that alone makes no record.</summary>
    /// <param name="value">The byte.</param>
    public static bool IsBlank(byte value) => value is (byte)' ' or (byte)'\t' or (byte)'\r';

    /// <inheritdoc />
    public override void Feed(ReadOnlySpan<byte> bytes)
    {
        ref var first = ref MemoryMarshal.GetReference(bytes);
        var i = 0;
        for (; i + BlockMasks.Size <= bytes.Length; i += BlockMasks.Size)
        {
            var ends = BlockMasks.Equal(ref Unsafe.Add(ref first, i), feeds);
            if ((ends | (counted ? 0UL : 1UL)) != 0)
            {
                Block(bytes.Slice(i, BlockMasks.Size), ends);
            }

            Offset += BlockMasks.Size;
        }

        var rest = bytes[i..];
        var restEnds = 0UL;
        for (var j = 0; j < rest.Length; j++)
        {
            restEnds |= rest[j] == '\n' ? 1UL << j : 0;
        }

        Block(rest, restEnds);
        Offset += rest.Length;
    }

    private void Block(ReadOnlySpan<byte> block, ulong ends)
    {
        var from = 0;
        for (; ends != 0; ends &= ends - 1)
        {
            var end = BitOperations.TrailingZeroCount(ends);
            Look(block[from..end]);
            from = end + 1;
            lineStart = Offset + from;
            counted = false;
            Line++;
        }

        Look(block[from..]);
    }

    private void Look(ReadOnlySpan<byte> part)
    {
        for (var i = 0; i < part.Length && !counted; i++)
        {
            if (!IsBlank(part[i]))
            {
                Start(lineStart, Line);
                counted = true;
            }
        }
    }
}
