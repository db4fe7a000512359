using System.Buffers;

namespace AiAssignments.Evaluation.Datasets.Text;

/// <summary>A part of a stream in a pooled buffer that slides forward, and grows only when one record does not fit.</summary>
internal sealed class ByteWindow(Stream stream, long offset, int capacity, int maxCapacity) : IDisposable
{
    private byte[] buffer = ArrayPool<byte>.Shared.Rent(capacity);
    private int limit = capacity;
    private int start;
    private int end;

    /// <summary>The bytes read and not yet passed.</summary>
    public ReadOnlySpan<byte> Span => buffer.AsSpan(start, end - start);

    /// <summary>Offset of the first byte of <see cref="Span"/> in the dataset.</summary>
    public long Offset { get; private set; } = offset;

    /// <summary>The stream has ended: <see cref="Span"/> is all that is left.</summary>
    public bool Final { get; private set; }

    /// <summary>The window is as wide as it may be, and full.</summary>
    public bool IsExhausted => start == 0 && end == limit && limit == maxCapacity;

    /// <summary>Passes bytes.</summary>
    /// <param name="count">At most the length of <see cref="Span"/>.</param>
    public void Advance(int count)
    {
        start += count;
        Offset += count;
    }

    /// <summary>Moves what is left to the front, widens the window when that fills it, and reads until it is full or the stream ends.</summary>
    /// <param name="cancellationToken">Stops the reading.</param>
    public async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        if (start == 0 && end == limit && limit < maxCapacity)
        {
            Widen();
        }
        else if (start > 0)
        {
            Buffer.BlockCopy(buffer, start, buffer, 0, end - start);
            end -= start;
            start = 0;
        }

        while (end < limit && !Final)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(end, limit - end), cancellationToken).ConfigureAwait(false);
            end += read;
            Final = read == 0;
        }
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = [];
        start = end = 0;
    }

    private void Widen()
    {
        limit = Math.Min(maxCapacity, limit * 2);
        if (limit > buffer.Length)
        {
            var wider = ArrayPool<byte>.Shared.Rent(limit);
            Buffer.BlockCopy(buffer, 0, wider, 0, end);
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = wider;
        }
    }
}
