using AiAssignments.Core.Datasets;

namespace AiAssignments.Tests.Datasets.Archives;

/// <summary>Bytes in memory as a data source, handed out in small pieces so that readers meet every kind of short read.</summary>
internal sealed class ByteSource(byte[] bytes, string name = "data", int pieceLimit = int.MaxValue) : IDataSource
{
    public string Name { get; } = name;

    public long Length => bytes.Length;

    /// <summary>Bytes handed out so far.</summary>
    public long BytesRead { get; private set; }

    public ValueTask<Stream> OpenReadAsync(long offset, long? length, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, Length);
        var count = (int)Math.Min(length ?? long.MaxValue, bytes.Length - offset);
        return new(new Pieces(this, new MemoryStream(bytes, (int)offset, count, writable: false), pieceLimit));
    }

    private sealed class Pieces(ByteSource owner, MemoryStream inner, int limit) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = inner.Read(buffer, offset, Math.Min(count, limit));
            owner.BytesRead += read;
            return read;
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = inner.Read(buffer.Span[..Math.Min(buffer.Length, limit)]);
            owner.BytesRead += read;
            return new(read);
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
