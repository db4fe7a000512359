namespace AiAssignments.Evaluation.Datasets.Staging;

/// <summary>Buffers a forward-only stream so that the last bytes read can be given back.</summary>
internal sealed class RewindableStream(Stream inner) : Stream
{
    private const int History = 16 * 1024;
    private const int Capacity = 256 * 1024;
    private readonly byte[] buffer = new byte[Capacity];
    private int start;
    private int end;
    private long endOffset;

    /// <summary>Bytes that the last read gave out.</summary>
    public int LastRead { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    /// <summary>Bytes given out and not given back.</summary>
    public override long Position
    {
        get => endOffset - (end - start);
        set => Seek(value, SeekOrigin.Begin);
    }

    public override int Read(byte[] destination, int offset, int count) => Read(destination.AsSpan(offset, count));

    public override int Read(Span<byte> destination)
    {
        if (start == end && destination.Length > 0)
        {
            MakeRoom();
            Filled(inner.Read(buffer.AsSpan(end)));
        }

        return Take(destination);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken = default)
    {
        if (start == end && destination.Length > 0)
        {
            MakeRoom();
            Filled(await inner.ReadAsync(buffer.AsMemory(end), cancellationToken).ConfigureAwait(false));
        }

        return Take(destination.Span);
    }

    public override Task<int> ReadAsync(byte[] destination, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(destination.AsMemory(offset, count), cancellationToken).AsTask();

    public override long Seek(long offset, SeekOrigin origin)
    {
        var target = origin == SeekOrigin.Current ? Position + offset : origin == SeekOrigin.Begin ? offset : throw new NotSupportedException();
        var index = end - (endOffset - target);
        if (index < 0 || index > end)
        {
            throw new NotSupportedException("Only bytes read just now can be given back.");
        }

        start = (int)index;
        return target;
    }

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] source, int offset, int count) => throw new NotSupportedException();

    private void MakeRoom()
    {
        var kept = Math.Min(History, end);
        buffer.AsSpan(end - kept, kept).CopyTo(buffer);
        start = end = kept;
    }

    private void Filled(int count)
    {
        end += count;
        endOffset += count;
    }

    private int Take(Span<byte> destination)
    {
        var count = Math.Min(destination.Length, end - start);
        buffer.AsSpan(start, count).CopyTo(destination);
        start += count;
        LastRead = count;
        return count;
    }
}
