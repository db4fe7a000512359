using System.Buffers.Binary;
using System.Text;
using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Evaluation.Datasets.Staging;

namespace AiAssignments.Evaluation.Datasets.Zip;

/// <summary>
/// Reads the central directory of a zip archive (PKWARE APPNOTE 6.3.10, zip64 included), with limits checked before anything is allocated.
/// System.IO.Compression gives neither offsets nor limits.
/// </summary>
public static class ZipDirectory
{
    /// <summary>Most entries an archive may have.</summary>
    public const int MaxEntries = 1_000_000;

    /// <summary>Most bytes the directory may have.</summary>
    public const int MaxDirectoryBytes = 128 * 1024 * 1024;

    private const int EndRecordBytes = 22;
    private const int EntryBytes = 46;

    /// <summary>Whether the source begins as a zip archive does.</summary>
    /// <param name="source">The file.</param>
    /// <param name="cancellationToken">Stops the look.</param>
    public static async ValueTask<bool> LooksLikeZipAsync(IDataSource source, CancellationToken cancellationToken)
    {
        var head = await source.ReadRangeAsync(0, (int)Math.Min(4, source.Length), cancellationToken).ConfigureAwait(false);
        return head is [(byte)'P', (byte)'K', 3, 4] or [(byte)'P', (byte)'K', 5, 6];
    }

    /// <summary>All entries, in the directory's order.</summary>
    /// <param name="source">The archive.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="ProblemException"><c>zip-truncated</c>, <c>zip-corrupt</c>, <c>zip-too-many-entries</c>, <c>zip-multi-part</c>, <c>zip-overlap</c>.</exception>
    public static ValueTask<List<ZipEntry>> ReadAsync(IDataSource source, CancellationToken cancellationToken) =>
        ReadAsync(source, MaxEntries, MaxDirectoryBytes, cancellationToken);

    /// <summary>All entries, in the directory's order, within limits of the caller's.</summary>
    /// <param name="source">The archive.</param>
    /// <param name="maxEntries">Most entries.</param>
    /// <param name="maxDirectoryBytes">Most bytes of the directory.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="ProblemException"><c>zip-truncated</c>, <c>zip-corrupt</c>, <c>zip-too-many-entries</c>, <c>zip-multi-part</c>, <c>zip-overlap</c>.</exception>
    public static async ValueTask<List<ZipEntry>> ReadAsync(IDataSource source, int maxEntries, int maxDirectoryBytes, CancellationToken cancellationToken)
    {
        var (offset, size, count) = await FindAsync(source, cancellationToken).ConfigureAwait(false);
        if (count > maxEntries || size > maxDirectoryBytes)
        {
            throw new ProblemException("zip-too-many-entries", $"The archive has {count} entries in a directory of {size} bytes; at most {maxEntries} in {maxDirectoryBytes} are read.");
        }

        if (offset < 0 || size < 0 || count < 0 || offset > source.Length || size > source.Length - offset || count * EntryBytes > size)
        {
            throw Corrupt("the central directory lies outside the file", source.Length);
        }

        var directory = await source.ReadRangeAsync(offset, (int)size, cancellationToken).ConfigureAwait(false);
        var entries = new List<ZipEntry>((int)count);
        var at = 0;
        for (long i = 0; i < count; i++)
        {
            at = Parse(directory, at, offset, entries);
        }

        CheckLayout(entries, offset);
        return entries;
    }

    private static async ValueTask<(long Offset, long Size, long Count)> FindAsync(IDataSource source, CancellationToken cancellationToken)
    {
        var tailLength = (int)Math.Min(source.Length, EndRecordBytes + ushort.MaxValue + 20);
        var tailStart = source.Length - tailLength;
        var tail = await source.ReadRangeAsync(tailStart, tailLength, cancellationToken).ConfigureAwait(false);
        var end = FindEndRecord(tail);
        if (end < 0)
        {
            throw new ProblemException(
                "zip-truncated", $"The zip archive has no central directory at its end ({source.Length} bytes): it is incomplete. Get the whole file again.", $"byte {source.Length}");
        }

        var record = tail.AsSpan(end);
        if (U16(record, 4) != 0 && U16(record, 4) != ushort.MaxValue)
        {
            throw new ProblemException("zip-multi-part", "The archive is one part of several: join them first.");
        }

        var (count, size, offset) = (U16(record, 10), U32(record, 12), U32(record, 16));
        if (count != ushort.MaxValue && size != uint.MaxValue && offset != uint.MaxValue)
        {
            return (offset, size, count);
        }

        var locator = end - 20;
        if (locator < 0 || U32(tail, locator) != 0x07064B50)
        {
            // 65,535 entries without zip64 is legal.
            return (offset, size, count);
        }

        var at = (long)BinaryPrimitives.ReadUInt64LittleEndian(tail.AsSpan(locator + 8));
        if (at < 0 || at > source.Length - 56)
        {
            throw Corrupt("the zip64 record lies outside the file", tailStart + locator);
        }

        var large = await source.ReadRangeAsync(at, 56, cancellationToken).ConfigureAwait(false);
        return U32(large, 0) == 0x06064B50
            ? (I64(large, 48), I64(large, 40), I64(large, 32))
            : throw Corrupt("the zip64 record is not where the locator says", at);
    }

    private static int FindEndRecord(byte[] tail)
    {
        for (var at = tail.Length - EndRecordBytes; at >= 0; at--)
        {
            if (U32(tail, at) == 0x06054B50 && at + EndRecordBytes + U16(tail, at + 20) <= tail.Length)
            {
                return at;
            }
        }

        return -1;
    }

    private static int Parse(byte[] directory, int at, long offset, List<ZipEntry> entries)
    {
        if (directory.Length - at < EntryBytes || U32(directory, at) != 0x02014B50)
        {
            throw Corrupt("a central directory entry is malformed", offset + at);
        }

        var flags = U16(directory, at + 8);
        int nameLength = U16(directory, at + 28);
        int extraLength = U16(directory, at + 30);
        int commentLength = U16(directory, at + 32);
        var end = at + EntryBytes + nameLength + extraLength + commentLength;
        if (end > directory.Length)
        {
            throw Corrupt("a central directory entry is cut", offset + at);
        }

        long compressed = U32(directory, at + 20);
        long size = U32(directory, at + 24);
        long header = U32(directory, at + 42);
        Zip64(directory.AsSpan(at + EntryBytes + nameLength, extraLength), ref size, ref compressed, ref header);
        if (compressed < 0 || size < 0 || header < 0)
        {
            throw Corrupt("an entry's sizes cannot be", offset + at);
        }

        // The upper half of the external attributes is the Unix mode when the archive was made on Unix (host 3).
        var mode = directory[at + 5] == 3 ? U16(directory, at + 40) : 0;
        var nameBytes = directory.AsSpan(at + EntryBytes, nameLength);
        entries.Add(new ZipEntry(
            Encoding.UTF8.GetString(nameBytes),
            U16(directory, at + 10),
            (flags & 0x2041) != 0,
            (mode & 0xF000) == 0xA000,
            U32(directory, at + 16),
            compressed,
            size,
            header));
        return end;
    }

    private static void Zip64(ReadOnlySpan<byte> extra, ref long size, ref long compressed, ref long header)
    {
        while (extra.Length >= 4)
        {
            var length = Math.Min(U16(extra, 2), extra.Length - 4);
            if (U16(extra, 0) == 1)
            {
                var field = extra.Slice(4, length);
                Take(ref field, ref size);
                Take(ref field, ref compressed);
                Take(ref field, ref header);
                return;
            }

            extra = extra[(4 + length)..];
        }
    }

    private static void Take(ref ReadOnlySpan<byte> field, ref long value)
    {
        if (value == uint.MaxValue && field.Length >= 8)
        {
            value = BinaryPrimitives.ReadInt64LittleEndian(field);
            field = field[8..];
        }
    }

    // Entries that share bytes make a small file claim a huge content (Fifield 2019): no honest writer does it.
    private static void CheckLayout(List<ZipEntry> entries, long directoryOffset)
    {
        long free = 0;
        foreach (var entry in entries.OrderBy(entry => entry.HeaderOffset))
        {
            if (entry.HeaderOffset < free)
            {
                throw new ProblemException(
                    "zip-overlap", $"'{Tar.EntryPath.Show(entry.Name)}' shares its bytes with another entry: the archive is a bomb or damaged.", $"byte {entry.HeaderOffset}");
            }

            if (entry.HeaderOffset > directoryOffset || entry.CompressedSize > directoryOffset - entry.HeaderOffset)
            {
                throw Corrupt($"'{Tar.EntryPath.Show(entry.Name)}' lies outside the file", entry.HeaderOffset);
            }

            free = entry.HeaderOffset + 30 + entry.CompressedSize;
        }
    }

    private static ProblemException Corrupt(string what, long at) =>
        new("zip-corrupt", $"The zip archive cannot be read: {what}. Get or make it again.", $"byte {at}");

    private static ushort U16(ReadOnlySpan<byte> data, int at) => BinaryPrimitives.ReadUInt16LittleEndian(data[at..]);

    private static uint U32(ReadOnlySpan<byte> data, int at) => BinaryPrimitives.ReadUInt32LittleEndian(data[at..]);

    private static long I64(ReadOnlySpan<byte> data, int at) => BinaryPrimitives.ReadInt64LittleEndian(data[at..]);
}
