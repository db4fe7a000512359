namespace AiAssignments.LoadTesting.Transports.Http1;

/// <summary>Finds the end of a chunked body (RFC 9112, section 7.1) without keeping any of it.</summary>
internal struct ChunkedDecoder
{
    // Chunk extensions and trailers together; a server that sends more than this sends no end.
    private const int MostOverhead = 64 << 10;

    private State state;
    private long remaining;
    private int digits;
    private int overhead;

    private enum State
    {
        Size,
        Extension,
        SizeEnd,
        Data,
        DataReturn,
        DataFeed,
        LineStart,
        Trailer,
        TrailerFeed,
        LastFeed,
        Done,
    }

    /// <summary>Whether the last byte has been seen.</summary>
    public readonly bool Done => state == State.Done;

    /// <summary>Bytes of the body so far, announced ones included.</summary>
    public long Body { get; private set; }

    /// <summary>Takes some bytes.</summary>
    /// <returns>How many belong to the body; fewer than given only when it has ended.</returns>
    /// <exception cref="AnswerException">It is malformed.</exception>
    public int Consume(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        while (at < bytes.Length && state != State.Done)
        {
            if (state == State.Data)
            {
                var step = (int)Math.Min(remaining, bytes.Length - at);
                at += step;
                remaining -= step;
                if (remaining == 0)
                {
                    state = State.DataReturn;
                }

                continue;
            }

            Take(bytes[at++]);
        }

        return at;
    }

    private void Take(byte value)
    {
        state = (state, value) switch
        {
            (State.Size, _) when Digit(value) is var digit and >= 0 => Size(digit),
            (State.Size, (byte)'\r') when digits > 0 => State.SizeEnd,
            (State.Size, (byte)';' or (byte)' ' or (byte)'\t') when digits > 0 => Overhead(State.Extension),
            (State.Extension, (byte)'\r') => State.SizeEnd,
            (State.Extension, not (byte)'\n') => Overhead(State.Extension),
            (State.SizeEnd, (byte)'\n') => Begin(),
            (State.DataReturn, (byte)'\r') => State.DataFeed,
            (State.DataFeed, (byte)'\n') => Next(),
            (State.LineStart, (byte)'\r') => State.LastFeed,
            (State.LineStart or State.Trailer, not ((byte)'\r' or (byte)'\n')) => Overhead(State.Trailer),
            (State.Trailer, (byte)'\r') => State.TrailerFeed,
            (State.TrailerFeed, (byte)'\n') => State.LineStart,
            (State.LastFeed, (byte)'\n') => State.Done,
            _ => throw new AnswerException("The chunked answer is malformed."),
        };
    }

    private State Size(int digit)
    {
        if (++digits > 15)
        {
            throw new AnswerException("A chunk of the answer has a size of more than 15 digits.");
        }

        remaining = (remaining << 4) + digit;
        return State.Size;
    }

    private State Begin()
    {
        Body += remaining;
        return remaining == 0 ? State.LineStart : State.Data;
    }

    private State Next()
    {
        digits = 0;
        return State.Size;
    }

    private State Overhead(State next) => ++overhead <= MostOverhead ? next : throw new AnswerException("The answer's chunk extensions or trailers do not end.");

    private static int Digit(byte value) => value switch
    {
        >= (byte)'0' and <= (byte)'9' => value - '0',
        >= (byte)'a' and <= (byte)'f' => value - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => value - 'A' + 10,
        _ => -1,
    };
}
