using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace AiAssignments.Evaluation.Datasets.Staging;

/// <summary>
/// Reads gzip (RFC 1952) strictly: <see cref="GZipStream"/> takes a file that was cut off for a whole one, so headers and
/// trailers (length, CRC-32) are checked here, member for member.
/// </summary>
/// <param name="compressed">The file's bytes from its start.</param>
internal sealed class GzipMembers(RewindableStream compressed) : IAsyncDisposable
{
    private const int HeaderBytes = 10;
    private const int TrailerBytes = 8;
    private readonly byte[] field = new byte[HeaderBytes];
    private readonly Crc32 crc = new();
    private DeflateStream? member;
    private uint length;

    /// <summary>Reads decompressed bytes.</summary>
    /// <param name="destination">Takes them; not empty.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>How many; 0 at the end of the last member.</returns>
    /// <exception cref="EndOfStreamException">The file ends within a member.</exception>
    /// <exception cref="InvalidDataException">The data is damaged.</exception>
    public async ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (member is null && !await OpenAsync(cancellationToken).ConfigureAwait(false))
            {
                return 0;
            }

            var read = await member!.ReadAsync(destination, cancellationToken).ConfigureAwait(false);
            if (read > 0)
            {
                crc.Append(destination.Span[..read]);
                length += (uint)read;
                return read;
            }

            await CloseAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (member is not null)
        {
            await member.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async ValueTask<bool> OpenAsync(CancellationToken cancellationToken)
    {
        var first = compressed.Position == 0;
        var read = await compressed.ReadAtLeastAsync(field, HeaderBytes, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        if (!first && (read == 0 || field[0] == 0))
        {
            await CheckPaddingAsync(read, cancellationToken).ConfigureAwait(false);
            return false;
        }

        if ((read > 0 && field[0] != 0x1F) || (read > 1 && field[1] != 0x8B) || (read > 2 && field[2] != 8) || (read > 3 && (field[3] & 0xE0) != 0))
        {
            throw new InvalidDataException("No gzip header where a member should begin.");
        }

        if (read < HeaderBytes)
        {
            throw new EndOfStreamException();
        }

        await SkipExtrasAsync(field[3], cancellationToken).ConfigureAwait(false);
        crc.Reset();
        length = 0;
        member = new DeflateStream(compressed, CompressionMode.Decompress, leaveOpen: true);
        return true;
    }

    private async ValueTask SkipExtrasAsync(byte flags, CancellationToken cancellationToken)
    {
        if ((flags & 4) != 0)
        {
            await compressed.ReadExactlyAsync(field.AsMemory(0, 2), cancellationToken).ConfigureAwait(false);
            for (var rest = BinaryPrimitives.ReadUInt16LittleEndian(field); rest > 0; rest--)
            {
                await compressed.ReadExactlyAsync(field.AsMemory(0, 1), cancellationToken).ConfigureAwait(false);
            }
        }

        // File name, comment: up to a NUL.
        for (var texts = ((flags >> 3) & 1) + ((flags >> 4) & 1); texts > 0; texts--)
        {
            do
            {
                await compressed.ReadExactlyAsync(field.AsMemory(0, 1), cancellationToken).ConfigureAwait(false);
            }
            while (field[0] != 0);
        }

        if ((flags & 2) != 0)
        {
            await compressed.ReadExactlyAsync(field.AsMemory(0, 2), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Finds the trailer and stands behind it. The inflater reads ahead and does not tell where its data ended, only that it was
    /// within the last bytes it was given; there, the eight bytes of the trailer are known from what was decompressed.
    /// </summary>
    private async ValueTask CloseAsync(CancellationToken cancellationToken)
    {
        await member!.DisposeAsync().ConfigureAwait(false);
        member = null;
        var ahead = compressed.LastRead;
        if (ahead == 0)
        {
            // It asked for more and there was none.
            throw new EndOfStreamException();
        }

        var trailer = new byte[TrailerBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(trailer, crc.GetCurrentHashAsUInt32());
        BinaryPrimitives.WriteUInt32LittleEndian(trailer.AsSpan(4), length);
        var from = compressed.Seek(-ahead, SeekOrigin.Current);
        var tail = new byte[ahead + TrailerBytes];
        var read = await compressed.ReadAtLeastAsync(tail, tail.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        var at = tail.AsSpan(0, read).IndexOf(trailer);
        if (at < 0)
        {
            throw read < tail.Length && Enumerable.Range(1, TrailerBytes - 1).Any(part => tail.AsSpan(0, read).EndsWith(trailer.AsSpan(0, part)))
                ? new EndOfStreamException()
                : new InvalidDataException("A gzip member's checksum or length is wrong.");
        }

        compressed.Position = from + at + TrailerBytes;
    }

    /// <summary>Zeros up to the end are padding (of tapes, of blocks); anything else would be data lost.</summary>
    private async ValueTask CheckPaddingAsync(int read, CancellationToken cancellationToken)
    {
        while (read > 0)
        {
            if (field.AsSpan(0, read).IndexOfAnyExcept((byte)0) >= 0)
            {
                throw new InvalidDataException("Bytes that are not gzip follow the last member.");
            }

            read = await compressed.ReadAsync(field, cancellationToken).ConfigureAwait(false);
        }
    }
}
