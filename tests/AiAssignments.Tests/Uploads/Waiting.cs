namespace AiAssignments.Tests.Uploads;

/// <summary>Gives its bytes, and ends when it is told to. Of unknown length, so sent in chunks.</summary>
internal sealed class Waiting(byte[] bytes, Task end) : PieceStream
{
    private int at;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (at == bytes.Length)
        {
            await end.WaitAsync(cancellationToken);
            return 0;
        }

        var count = Math.Min(buffer.Length, bytes.Length - at);
        bytes.AsMemory(at, count).CopyTo(buffer);
        at += count;
        return count;
    }
}

/// <summary>A stream that is only read, and asynchronously.</summary>
internal abstract class PieceStream : Stream
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

    public abstract override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
