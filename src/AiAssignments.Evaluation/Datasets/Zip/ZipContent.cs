using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Evaluation.Datasets.Staging;

namespace AiAssignments.Evaluation.Datasets.Zip;

/// <summary>Reads the content of one entry of a zip archive: never more than it claims to have, and checked against its CRC.</summary>
public static class ZipContent
{
    private const int LocalHeaderBytes = 30;

    /// <summary>Opens the stored bytes of an entry, still compressed.</summary>
    /// <param name="source">The archive.</param>
    /// <param name="entry">The entry.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>As many bytes as the directory says; <c>null</c> when there is no local header where it says.</returns>
    public static async ValueTask<Stream?> OpenAsync(IDataSource source, ZipEntry entry, CancellationToken cancellationToken)
    {
        if (entry.HeaderOffset > source.Length - LocalHeaderBytes)
        {
            return null;
        }

        var header = await source.ReadRangeAsync(entry.HeaderOffset, LocalHeaderBytes, cancellationToken).ConfigureAwait(false);
        var start = entry.HeaderOffset + LocalHeaderBytes + BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(26)) + BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(28));
        return BinaryPrimitives.ReadUInt32LittleEndian(header) == 0x04034B50 && start <= source.Length - entry.CompressedSize
            ? await source.OpenReadAsync(start, entry.CompressedSize, cancellationToken).ConfigureAwait(false)
            : null;
    }

    /// <summary>Inflates an entry, whose claimed size the caller has checked.</summary>
    /// <returns>The content, or what is wrong with it.</returns>
    internal static async ValueTask<(byte[]? Content, Problem? Problem)> ReadAsync(Stream archive, ZipEntry entry, CancellationToken cancellationToken)
    {
        try
        {
            archive.Position = entry.HeaderOffset;
            var header = new byte[LocalHeaderBytes];
            await archive.ReadExactlyAsync(header, cancellationToken).ConfigureAwait(false);
            if (BinaryPrimitives.ReadUInt32LittleEndian(header) != 0x04034B50)
            {
                return Bad($"there is no local header at byte {entry.HeaderOffset}");
            }

            archive.Position += BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(26)) + BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(28));
            var content = new byte[entry.Size];
            var stored = new BoundedStream(new Unowned(archive), entry.CompressedSize);
            Stream stream = entry.Method == 0 ? stored : new DeflateStream(stored, CompressionMode.Decompress);
            await using (stream.ConfigureAwait(false))
            {
                var read = await stream.ReadAtLeastAsync(content, content.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
                if (read < content.Length)
                {
                    return Bad($"it has {read} bytes where the directory says {entry.Size}");
                }

                if (await stream.ReadAsync(new byte[1], cancellationToken).ConfigureAwait(false) != 0)
                {
                    return Bad($"it has more than the {entry.Size} bytes that the directory says");
                }
            }

            return Crc32.HashToUInt32(content) == entry.Crc32 ? (content, null) : Bad("its CRC-32 does not match");
        }
        catch (InvalidDataException)
        {
            return Bad("it does not inflate");
        }
        catch (EndOfStreamException)
        {
            return Bad("it lies outside the file");
        }
    }

    private static (byte[]? Content, Problem? Problem) Bad(string what) =>
        (null, new Problem("archive-entry-corrupt", $"The entry is damaged: {what}."));

    // A stream that lends its inner one to owners.
    private sealed class Unowned(Stream inner) : Stream
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

        public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            inner.ReadAsync(buffer, cancellationToken);

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            inner.ReadAsync(buffer, offset, count, cancellationToken);

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
