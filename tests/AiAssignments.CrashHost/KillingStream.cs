namespace AiAssignments.CrashHost;

/// <summary>A file that ends the process in the middle of the write that is appointed, counted over all such files.</summary>
internal sealed class KillingStream(Stream inner, KillingStream.Counter counter) : Stream
{
    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => inner.Length;

    public override long Position
    {
        get => inner.Position;
        set => throw new NotSupportedException();
    }

    public override void Flush() => inner.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (counter.IsFatal())
        {
            inner.Write(buffer[..(buffer.Length / 2)]);
            inner.Flush();
            KillAt.Die();
        }

        inner.Write(buffer);
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>Counts writes of the process.</summary>
    /// <param name="fatal">The one that ends it; 0 for never.</param>
    internal sealed class Counter(long fatal)
    {
        private long writes;

        public long Writes => Interlocked.Read(ref writes);

        public bool IsFatal() => Interlocked.Increment(ref writes) == fatal;
    }
}
