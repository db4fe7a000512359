using AiAssignments.Core.Storage;

namespace AiAssignments.Core.Datasets;

/// <summary>The first bytes of another stream, forward only; disposes it.</summary>
public sealed class BoundedStream : ForwardStream
{
    private readonly Stream inner;
    private long rest;

    /// <summary>Shows at most <paramref name="length"/> bytes of <paramref name="inner"/>.</summary>
    /// <param name="inner">The stream to read from; owned.</param>
    /// <param name="length">Bytes to show.</param>
    public BoundedStream(Stream inner, long length)
    {
        this.inner = inner;
        rest = length;
    }

    /// <inheritdoc />
    public override int Read(Span<byte> buffer)
    {
        var read = inner.Read(buffer[..(int)Math.Min(buffer.Length, rest)]);
        rest -= read;
        return read;
    }

    /// <inheritdoc />
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer[..(int)Math.Min(buffer.Length, rest)], cancellationToken).ConfigureAwait(false);
        rest -= read;
        return read;
    }

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
