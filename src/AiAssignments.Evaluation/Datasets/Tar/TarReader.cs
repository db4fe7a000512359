using AiAssignments.Core.Errors;

namespace AiAssignments.Evaluation.Datasets.Tar;

/// <summary>
/// Reads a tar archive forward and tells the byte offset of every entry: ustar, GNU long names, pax paths and sizes.
/// Nothing is ever written to disk, and no link is followed. (System.Formats.Tar reads the same dialects but gives no offsets.)
/// </summary>
internal sealed class TarReader
{
    // Far above what file systems allow (PATH_MAX is 4,096), far below what could hurt.
    private const int MaxNameBytes = 64 * 1024;
    private const int MaxPaxBytes = 1024 * 1024;
    private const int MaxExtensionsInARow = 16;

    private readonly Stream stream;
    private readonly byte[] block = new byte[TarBlock.Size];
    private readonly byte[] scratch = new byte[32 * 1024];
    private long offset;
    private long rest;
    private long padding;

    /// <summary>Reads <paramref name="stream"/>, which stands at <paramref name="offset"/> of the archive, at an entry's first header.</summary>
    /// <param name="stream">Not owned. Where it can seek, contents are skipped instead of read.</param>
    /// <param name="offset">Offset of the stream's present position in the archive.</param>
    public TarReader(Stream stream, long offset = 0)
    {
        this.stream = stream;
        this.offset = offset;
    }

    /// <summary>Bytes of the archive passed so far.</summary>
    public long Offset => offset;

    /// <summary>Goes to the next entry; <c>null</c> at the end marker.</summary>
    /// <exception cref="ProblemException"><c>tar-bad-header</c>, <c>tar-truncated</c>: with the byte.</exception>
    public async ValueTask<TarEntry?> NextAsync(CancellationToken cancellationToken)
    {
        await SkipAsync(rest + padding, cancellationToken).ConfigureAwait(false);
        rest = 0;
        padding = 0;

        var headerOffset = offset;
        string? longName = null;
        PaxRecords? pax = null;
        for (var extensions = 0; extensions <= MaxExtensionsInARow; extensions++)
        {
            var at = offset;
            await ReadBlockAsync(cancellationToken).ConfigureAwait(false);
            if (TarBlock.IsZero(block))
            {
                return longName is null && pax is null ? null : throw Bad(at, "a long name or pax header with no entry after it");
            }

            if (!TarBlock.ChecksumHolds(block))
            {
                throw Bad(at, "the header's checksum is wrong");
            }

            if (!TarBlock.TryNumber(block.AsSpan(124, 12), out var size))
            {
                throw Bad(at, "the header's size is not a number");
            }

            var type = block[156];
            switch (type)
            {
                case (byte)'L':
                    longName = TarBlock.Text(await ReadExtensionAsync(at, size, MaxNameBytes, cancellationToken).ConfigureAwait(false));
                    break;
                case (byte)'K':
                    await ReadExtensionAsync(at, size, MaxNameBytes, cancellationToken).ConfigureAwait(false);
                    break;
                case (byte)'x':
                    pax = PaxRecords.Parse(await ReadExtensionAsync(at, size, MaxPaxBytes, cancellationToken).ConfigureAwait(false))
                        ?? throw Bad(at, "a malformed pax header");
                    break;
                case (byte)'g':
                    // Defaults for all entries (git archives keep a commit id here): nothing that decides an entry's bytes.
                    await ReadExtensionAsync(at, size, MaxPaxBytes, cancellationToken).ConfigureAwait(false);
                    break;
                default:
                    return Begin(headerOffset, pax?.Path ?? longName ?? TarBlock.Path(block), type, pax?.Size ?? size, pax?.Sparse == true);
            }
        }

        throw Bad(headerOffset, $"more than {MaxExtensionsInARow} extension headers before one entry");
    }

    /// <summary>Reads the present entry's content from where the last call stopped; 0 at its end.</summary>
    /// <exception cref="ProblemException"><c>tar-truncated</c>.</exception>
    public async ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        var wanted = (int)Math.Min(destination.Length, rest);
        if (wanted == 0)
        {
            return 0;
        }

        var read = await stream.ReadAsync(destination[..wanted], cancellationToken).ConfigureAwait(false);
        if (read == 0)
        {
            throw Truncated($"{rest} bytes of an entry's content are missing");
        }

        offset += read;
        rest -= read;
        return read;
    }

    /// <summary>Fills <paramref name="destination"/> from the present entry's content, or as much as is left of it.</summary>
    /// <exception cref="ProblemException"><c>tar-truncated</c>.</exception>
    public async ValueTask<int> ReadBlockwiseAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        var filled = 0;
        int read;
        while (filled < destination.Length
            && (read = await ReadAsync(destination[filled..], cancellationToken).ConfigureAwait(false)) > 0)
        {
            filled += read;
        }

        return filled;
    }

    private static ProblemException Bad(long at, string what) =>
        new("tar-bad-header", $"This is not a readable tar archive: {what}.", $"byte {at}");

    private static TarEntryKind KindOf(byte type, string name) => type switch
    {
        (byte)'0' or 0 or (byte)'7' => name.EndsWith('/') ? TarEntryKind.Folder : TarEntryKind.File,
        (byte)'1' or (byte)'2' => TarEntryKind.Link,
        (byte)'5' => TarEntryKind.Folder,
        _ => TarEntryKind.Other,
    };

    private TarEntry Begin(long headerOffset, string name, byte type, long size, bool sparse)
    {
        var kind = sparse ? TarEntryKind.Other : KindOf(type, name);

        // Some writers keep the target's size in a link's header; a link has no content all the same.
        var stored = kind is TarEntryKind.Link or TarEntryKind.Folder || type is (byte)'3' or (byte)'4' or (byte)'6' ? 0 : size;
        if (stored > long.MaxValue - offset - TarBlock.Size)
        {
            throw Bad(headerOffset, $"an entry of {stored} bytes cannot be");
        }

        rest = stored;
        padding = TarBlock.Padded(stored) - stored;
        return new TarEntry(name, kind, headerOffset, offset, stored);
    }

    private async ValueTask<byte[]> ReadExtensionAsync(long at, long size, int limit, CancellationToken cancellationToken)
    {
        if (size > limit)
        {
            throw Bad(at, $"an extension header of {size} bytes (at most {limit} are read)");
        }

        var data = new byte[size];
        await FillAsync(data, cancellationToken).ConfigureAwait(false);
        await SkipAsync(TarBlock.Padded(size) - size, cancellationToken).ConfigureAwait(false);
        return data;
    }

    private ValueTask ReadBlockAsync(CancellationToken cancellationToken) => FillAsync(block, cancellationToken);

    private async ValueTask FillAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        var read = await stream.ReadAtLeastAsync(destination, destination.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        offset += read;
        if (read < destination.Length)
        {
            throw Truncated("an entry or the two zero blocks that end a tar archive are missing");
        }
    }

    private async ValueTask SkipAsync(long count, CancellationToken cancellationToken)
    {
        if (stream.CanSeek && count > scratch.Length)
        {
            if (count > stream.Length - stream.Position)
            {
                offset += Math.Max(0, stream.Length - stream.Position);
                throw Truncated("the last entry is not all there");
            }

            stream.Seek(count, SeekOrigin.Current);
            offset += count;
            return;
        }

        while (count > 0)
        {
            var read = await stream.ReadAsync(scratch.AsMemory(0, (int)Math.Min(scratch.Length, count)), cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                throw Truncated("the last entry is not all there");
            }

            offset += read;
            count -= read;
        }
    }

    private ProblemException Truncated(string what) =>
        new("tar-truncated", $"The tar archive ends too early, after {offset} bytes: {what}. Get the whole file again.", $"byte {offset}");
}
