using System.Text;
using AiAssignments.Core.Datasets;

namespace AiAssignments.Tests.Datasets.Delimited;

/// <summary>Bytes in memory as a data source, read in pieces of a chosen size.</summary>
internal sealed class MemoryDataSource(byte[] bytes, string name = "data", int pieceBytes = int.MaxValue) : IDataSource
{
    public MemoryDataSource(string text, string name = "data", int pieceBytes = int.MaxValue)
        : this(Encoding.UTF8.GetBytes(text), name, pieceBytes)
    {
    }

    public string Name => name;

    public long Length => bytes.Length;

    public ValueTask<Stream> OpenReadAsync(long offset, long? length, CancellationToken cancellationToken) =>
        new(new PieceStream(bytes, (int)offset, (int)(length ?? bytes.Length - offset), pieceBytes));

    private sealed class PieceStream(byte[] bytes, int offset, int length, int pieceBytes)
        : MemoryStream(bytes, offset, length, writable: false)
    {
        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, pieceBytes)]);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));
    }
}
