using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using AiAssignments.Core.Errors;
using AiAssignments.Evaluation.Datasets.Text;

namespace AiAssignments.Evaluation.Datasets.Delimited;

/// <summary>
/// Finds row starts 64 bytes at a time. Inside and outside of quotes follow from the parity of quotes
/// (<see cref="BlockMasks.PrefixXor"/>), which is right as long as every quote that opens stands at the start of a field
/// or behind another quote; a block where one does not is read byte by byte with <see cref="RowStates.Next"/>.
/// </summary>
internal sealed class DelimitedScanner(Dialect dialect, long offset, long line, int shardRecords) : BoundaryScanner(offset, line, shardRecords)
{
    private readonly Vector256<byte> quotes = Vector256.Create(Dialect.Quote);
    private readonly Vector256<byte> delimiters = Vector256.Create(dialect.Delimiter);
    private readonly Vector256<byte> feeds = Vector256.Create((byte)'\n');
    private readonly Vector256<byte> returns = Vector256.Create((byte)'\r');
    private RowState state;
    private byte last;
    private long quoteOffset;
    private long quoteLine;

    /// <summary>1-based line of the next byte.</summary>
    public long CurrentLine => Line;

    /// <inheritdoc />
    public override void Feed(ReadOnlySpan<byte> bytes)
    {
        ref var first = ref MemoryMarshal.GetReference(bytes);
        var i = 0;
        for (; i + BlockMasks.Size <= bytes.Length; i += BlockMasks.Size)
        {
            if (!TryBlock(ref Unsafe.Add(ref first, i)))
            {
                Step(bytes.Slice(i, BlockMasks.Size));
            }
        }

        Step(bytes[i..]);
    }

    /// <inheritdoc />
    /// <exception cref="ProblemException"><c>csv-quote-unclosed</c>: further lines would be lost in a field that never ends.</exception>
    public override void Finish()
    {
        if (state != RowState.Quoted)
        {
            return;
        }

        // Swallowing its own line only, it is one bad row, which the reader reports: a file cut off there.
        var swallowed = Line - quoteLine - (last is (byte)'\n' or (byte)'\r' ? 1 : 0);
        if (swallowed > 0)
        {
            throw new ProblemException(
                "csv-quote-unclosed",
                $"The quote that opens a field at line {quoteLine} is never closed: the field would swallow the {swallowed} lines that follow, to the end of the file. Close it, or double it (\"\") where it is part of the text; if the file was cut off, cut it before that line.",
                $"line {quoteLine}, byte {quoteOffset}");
        }
    }

    private bool TryBlock(ref byte block)
    {
        var quoteBits = dialect.Quoted ? BlockMasks.Equal(ref block, quotes) : 0;
        var lf = BlockMasks.Equal(ref block, feeds);
        var cr = BlockMasks.Equal(ref block, returns);
        var ends = lf | cr;
        var inside = 0UL;
        if ((quoteBits | (state == RowState.Quoted ? 1UL : 0)) != 0)
        {
            inside = BlockMasks.PrefixXor(quoteBits) ^ (state == RowState.Quoted ? ulong.MaxValue : 0);
            var opening = quoteBits & inside;
            if (opening != 0)
            {
                var canOpen = state != RowState.Unquoted && state != RowState.Quoted ? 1UL : 0;
                var before = BlockMasks.Equal(ref block, delimiters) | ends | quoteBits;
                if ((opening & ~((before << 1) | canOpen)) != 0)
                {
                    return false;
                }

                NoteQuote(opening & ~((quoteBits << 1) | (state == RowState.AfterQuote ? 1UL : 0)), lf, cr);
            }
        }

        var rowEnds = ends & ~inside;
        var starts = ~rowEnds & ((rowEnds << 1) | (state == RowState.BetweenRows ? 1UL : 0));
        if (starts != 0 && !TryCount(BitOperations.PopCount(starts)))
        {
            var lineEnds = LineEnds(lf, cr);
            for (var bits = starts; bits != 0; bits &= bits - 1)
            {
                var bit = BitOperations.TrailingZeroCount(bits);
                Start(Offset + bit, Line + BlockMasks.CountBelow(lineEnds, bit));
            }
        }

        if (ends != 0 || last == '\r')
        {
            Line += BitOperations.PopCount(LineEnds(lf, cr));
        }

        last = Unsafe.Add(ref block, BlockMasks.Size - 1);
        state = (inside >> 63) != 0 ? RowState.Quoted
            : last is (byte)'\n' or (byte)'\r' ? RowState.BetweenRows
            : last == dialect.Delimiter ? RowState.FieldStart
            : (quoteBits >> 63) != 0 ? RowState.AfterQuote
            : RowState.Unquoted;
        Offset += BlockMasks.Size;
        return true;
    }

    /// <summary>Remembers where the last field opened that has not closed yet, for <see cref="Finish"/>.</summary>
    private void NoteQuote(ulong openings, ulong lf, ulong cr)
    {
        if (openings != 0)
        {
            var bit = 63 - BitOperations.LeadingZeroCount(openings);
            quoteOffset = Offset + bit;
            quoteLine = Line + BlockMasks.CountBelow(LineEnds(lf, cr), bit);
        }
    }

    /// <summary>CRLF is one line end: the LF behind a CR does not count.</summary>
    private ulong LineEnds(ulong lf, ulong cr) => cr | (lf & ~((cr << 1) | (last == '\r' ? 1UL : 0)));

    private void Step(ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
        {
            var next = state.Next(value, dialect);
            if (state == RowState.BetweenRows && next != RowState.BetweenRows)
            {
                Start(Offset, Line);
            }

            if (next == RowState.Quoted && state is not (RowState.Quoted or RowState.AfterQuote))
            {
                quoteOffset = Offset;
                quoteLine = Line;
            }

            if (value == '\r' || (value == '\n' && last != '\r'))
            {
                Line++;
            }

            state = next;
            last = value;
            Offset++;
        }
    }
}
