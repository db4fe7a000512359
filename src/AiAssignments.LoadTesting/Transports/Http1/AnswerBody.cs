namespace AiAssignments.LoadTesting.Transports.Http1;

/// <summary>Finds the end of an answer's body, whichever way it is framed.</summary>
internal struct AnswerBody
{
    private readonly long largest;
    private readonly bool chunked;
    private readonly bool toEnd;
    private ChunkedDecoder chunks;
    private long remaining;
    private long seen;

    /// <summary>Begins after a head.</summary>
    /// <param name="head">The head.</param>
    /// <param name="headOnly">Whether the request was HEAD, which no body answers.</param>
    /// <param name="largest">Largest body, bytes.</param>
    /// <exception cref="AnswerException">It says that it is larger.</exception>
    public AnswerBody(AnswerHead head, bool headOnly, long largest)
    {
        this.largest = largest;
        var none = headOnly || head.Status is 204 or 304;
        chunked = !none && head.Chunked;
        remaining = none ? 0 : head.ContentLength ?? 0;
        toEnd = !none && !head.Chunked && head.ContentLength is null;
        if (remaining > largest)
        {
            throw new AnswerException(TooLarge(largest));
        }
    }

    /// <summary>Whether the last byte has been seen.</summary>
    public readonly bool Done => chunked ? chunks.Done : !toEnd && remaining == 0;

    /// <summary>Whether the connection's end is the body's.</summary>
    public readonly bool EndsWithConnection => toEnd;

    /// <summary>Takes some bytes.</summary>
    /// <returns>How many belong to the body.</returns>
    /// <exception cref="AnswerException">It is malformed or too large.</exception>
    public int Consume(ReadOnlySpan<byte> bytes)
    {
        if (chunked)
        {
            var used = chunks.Consume(bytes);
            return chunks.Body <= largest ? used : throw new AnswerException(TooLarge(largest));
        }

        if (toEnd)
        {
            seen += bytes.Length;
            return seen <= largest ? bytes.Length : throw new AnswerException(TooLarge(largest));
        }

        var step = (int)Math.Min(remaining, bytes.Length);
        remaining -= step;
        return step;
    }

    private static string TooLarge(long largest) => FormattableString.Invariant($"The answer is larger than {largest:N0} bytes.");
}
