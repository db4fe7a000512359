namespace AiAssignments.Evaluation.Datasets.Conll;

/// <summary>
/// Splits a stream into lines without allocating: LF or CRLF, the last one with or without it. A line longer than
/// <see cref="MaxLineBytes"/> is given by its head and marked, and the rest of it is passed over. Used by planner and reader alike, so
/// that both see the same sentences.
/// </summary>
internal sealed class ConllLineReader
{
    /// <summary>Longest line kept whole, in bytes.</summary>
    public const int MaxLineBytes = 64 * 1024;

    private readonly Stream stream;
    private readonly byte[] buffer = new byte[512 * 1024];
    private int start;
    private int length;
    private long bufferOffset;
    private bool ended;
    private bool passing;

    /// <summary>Reads from the stream's present position.</summary>
    /// <param name="stream">Not owned.</param>
    /// <param name="offset">Offset of that position in the dataset.</param>
    /// <param name="line">1-based number of the line there.</param>
    public ConllLineReader(Stream stream, long offset, long line)
    {
        this.stream = stream;
        bufferOffset = offset;
        Line = line - 1;
    }

    /// <summary>1-based number of the line last given.</summary>
    public long Line { get; private set; }

    /// <summary>Offset of the line last given.</summary>
    public long LineOffset { get; private set; }

    /// <summary>Offset one past the line last given, its line end included, as far as it has been passed.</summary>
    public long Offset => bufferOffset + start;

    /// <summary>Whether the line last given was cut.</summary>
    public bool LineTooLong { get; private set; }

    /// <summary>What a line is, by its first bytes.</summary>
    public static ConllLine Classify(ReadOnlySpan<byte> line)
    {
        if (line.IsEmpty)
        {
            return ConllLine.Blank;
        }

        if (line[0] > ' ')
        {
            return line[0] == '-' && line.StartsWith("-DOCSTART-"u8) ? ConllLine.DocumentStart : ConllLine.Word;
        }

        return line.IndexOfAnyExcept((byte)' ', (byte)'\t', (byte)'\r') < 0 ? ConllLine.Blank : ConllLine.Word;
    }

    /// <summary>The next line in the buffer, without its end; <c>false</c> when <see cref="FillAsync"/> is due.</summary>
    public bool TryNext(out ReadOnlySpan<byte> line)
    {
        line = default;
        var rest = buffer.AsSpan(start, length - start);
        if (passing)
        {
            var passed = rest.IndexOf((byte)'\n');
            start = passed < 0 ? length : start + passed + 1;
            passing = passed < 0;
            if (passing)
            {
                return false;
            }

            rest = rest[(passed + 1)..];
        }

        var end = rest.IndexOf((byte)'\n');
        if (end < 0)
        {
            if (rest.IsEmpty || (!ended && rest.Length <= MaxLineBytes))
            {
                return false;
            }

            end = rest.Length;
            passing = !ended;
            line = rest;
        }
        else
        {
            line = rest[..end];
            end++;
        }

        LineOffset = bufferOffset + start;
        start += end;
        Line++;
        LineTooLong = passing || line.Length > MaxLineBytes;
        if (LineTooLong)
        {
            line = line[..Math.Min(line.Length, MaxLineBytes)];
        }
        else if (line is [.., (byte)'\r'])
        {
            line = line[..^1];
        }

        return true;
    }

    /// <summary>Reads on; <c>false</c> at the end of the stream.</summary>
    public async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        if (ended)
        {
            return false;
        }

        buffer.AsSpan(start, length - start).CopyTo(buffer);
        bufferOffset += start;
        length -= start;
        start = 0;
        var read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken).ConfigureAwait(false);
        length += read;
        ended = read == 0;

        // At the end one more look is due: the last line may lack its line end.
        return true;
    }
}
