using AiAssignments.Core.Datasets;

namespace AiAssignments.Evaluation.Datasets.Staging;

/// <summary>
/// A seekable, read-only stream over a data source. A short step forward reads on in the open range; any other seek opens a new one.
/// </summary>
internal sealed class SeekableSourceStream : Stream
{
    private const int BufferSize = 64 * 1024;

    // Reading this far ahead costs less than opening another range of a blob.
    private const int LongestSkip = 256 * 1024;

    private readonly IDataSource source;
    private readonly byte[] buffer = new byte[BufferSize];
    private Stream? inner;
    private long innerPosition;
    private long bufferStart;
    private int bufferLength;
    private long position;

    /// <summary>Starts at the first byte.</summary>
    /// <param name="source">The bytes; not owned.</param>
    public SeekableSourceStream(IDataSource source) => this.source = source;

    /// <inheritdoc />
    public override bool CanRead => true;

    /// <inheritdoc />
    public override bool CanSeek => true;

    /// <inheritdoc />
    public override bool CanWrite => false;

    /// <inheritdoc />
    public override long Length => source.Length;

    /// <inheritdoc />
    public override long Position
    {
        get => position;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            position = value;
        }
    }

    /// <inheritdoc />
    public override async ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken = default)
    {
        if (destination.IsEmpty || position >= source.Length)
        {
            return 0;
        }

        if (position < bufferStart || position >= bufferStart + bufferLength)
        {
            await MoveAsync(cancellationToken).ConfigureAwait(false);
            if (destination.Length >= BufferSize)
            {
                var direct = await inner!.ReadAsync(destination, cancellationToken).ConfigureAwait(false);
                innerPosition += direct;
                position += direct;
                return direct;
            }

            bufferStart = position;
            bufferLength = await inner!.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            innerPosition += bufferLength;
        }

        var from = (int)(position - bufferStart);
        var count = Math.Min(destination.Length, bufferLength - from);
        buffer.AsMemory(from, count).CopyTo(destination);
        position += count;
        return count;
    }

    /// <inheritdoc />
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc />
    public override int Read(byte[] buffer, int offset, int count) =>
        ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    /// <inheritdoc />
    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => position + offset,
        _ => source.Length + offset,
    };

    /// <inheritdoc />
    public override void Flush()
    {
    }

    /// <inheritdoc />
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc />
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner?.Dispose();
            inner = null;
        }

        base.Dispose(disposing);
    }

    private async ValueTask MoveAsync(CancellationToken cancellationToken)
    {
        if (inner is not null && position >= innerPosition && position - innerPosition <= LongestSkip)
        {
            while (innerPosition < position)
            {
                var step = (int)Math.Min(BufferSize, position - innerPosition);
                var read = await inner.ReadAsync(buffer.AsMemory(0, step), cancellationToken).ConfigureAwait(false);
                bufferLength = 0;
                if (read == 0)
                {
                    return;
                }

                innerPosition += read;
            }

            return;
        }

        if (inner is not null)
        {
            await inner.DisposeAsync().ConfigureAwait(false);
            inner = null;
        }

        inner = await source.OpenReadAsync(position, null, cancellationToken).ConfigureAwait(false);
        innerPosition = position;
        bufferLength = 0;
    }
}
