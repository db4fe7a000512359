using AiAssignments.Core.Datasets;

namespace AiAssignments.Tests.Datasets.Delimited;

/// <summary>A file with a long run of one byte in its middle, made while it is read. Every read completes at once, on the reader's thread.</summary>
internal sealed class LongLineSource(byte[] before, long run, byte[] after) : IDataSource
{
    public string Name => "long.csv";

    public long Length => before.Length + run + after.Length;

    public ValueTask<Stream> OpenReadAsync(long offset, long? length, CancellationToken cancellationToken) =>
        new(new Made(this, offset, Math.Min(Length, offset + (length ?? Length))));

    private int Read(long from, Span<byte> into)
    {
        if (from < before.Length)
        {
            var head = before.AsSpan((int)from);
            head = head[..Math.Min(head.Length, into.Length)];
            head.CopyTo(into);
            return head.Length;
        }

        from -= before.Length;
        if (from < run)
        {
            var count = (int)Math.Min(into.Length, run - from);
            into[..count].Fill((byte)'x');
            return count;
        }

        var tail = after.AsSpan((int)(from - run));
        tail = tail[..Math.Min(tail.Length, into.Length)];
        tail.CopyTo(into);
        return tail.Length;
    }

    private sealed class Made(LongLineSource source, long at, long end) : Stream
    {
        private long at = at;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(Span<byte> buffer)
        {
            var read = at < end ? source.Read(at, buffer[..(int)Math.Min(buffer.Length, end - at)]) : 0;
            at += read;
            return read;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
