using System.IO.Compression;
using AiAssignments.Inference.Models;

namespace AiAssignments.Pipeline.Optimizations.Cost;

/// <summary>How small a model's graph and weights become through gzip: what zeros in them save on disk and on the way.</summary>
internal static class CompressedSize
{
    public static async Task<long> OfAsync(ModelPackage package, CancellationToken cancellationToken)
    {
        using var counted = new CountingStream();
        foreach (var file in GraphFiles.Of(package))
        {
            var source = File.OpenRead(file);
            await using (source.ConfigureAwait(false))
            {
                var zip = new GZipStream(counted, CompressionLevel.Fastest, leaveOpen: true);
                await using (zip.ConfigureAwait(false))
                {
                    await source.CopyToAsync(zip, cancellationToken).ConfigureAwait(false);
                }
            }
        }

        return counted.Count;
    }

    private sealed class CountingStream : Stream
    {
        public long Count { get; private set; }

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => Count;

        public override long Position
        {
            get => Count;
            set => throw new NotSupportedException();
        }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => Count += count;

        public override void Write(ReadOnlySpan<byte> buffer) => Count += buffer.Length;
    }
}
