using System.IO.Hashing;
using AiAssignments.Core.Errors;
using AiAssignments.Evaluation.Datasets.Staging;

namespace AiAssignments.Evaluation.Datasets.Parquet;

/// <summary>
/// Walks over one column of one row group, page by page: at most one decoded page (and the dictionary) is in memory. Pages before the
/// wanted rows are passed over by their headers, those of a list column in version 1 by their repetition levels; no value of them is made.
/// </summary>
internal sealed class ColumnCursor
{
    /// <summary>Most items of a list that are kept: one more is, so that a list too long can be told.</summary>
    public const int MaxItems = 50_000;

    private const int MaxPageBytes = 256 * 1024 * 1024;
    private const int MaxPageValues = 4 * 1024 * 1024;
    private const int RatioMattersFrom = 1024 * 1024;
    private const int MaxRatio = 1100; // deflate's is 1,032

    // Old writers left the dictionary's page header out of a column's length (PARQUET-816); a header has less than this.
    private const int LengthSlack = 100;

    // A page whose entries all go on with a list begins no row, and yet is part of the row that is read.
    private const long SkipNone = -1;

    private readonly ParquetLeaf leaf;
    private readonly ParquetChunk chunk;
    private readonly PageDecoder decoder;
    private readonly SeekableSourceStream stream;
    private readonly string where;
    private byte[] head = new byte[256];
    private long nextPage;
    private long valuesLeft;
    private DecodedPage? page;
    private int entry;
    private int value;
    private long decodedBefore;

    /// <summary>Stands before the first row.</summary>
    public ColumnCursor(ParquetLeaf leaf, ParquetChunk chunk, int group, SeekableSourceStream stream)
    {
        this.leaf = leaf;
        this.chunk = chunk;
        this.stream = stream;
        where = $"column {Tar.EntryPath.Show(leaf.Name)}, row group {group}";
        decoder = new PageDecoder(leaf, chunk.Codec, where);
        nextPage = chunk.Start;
        valuesLeft = chunk.Values;
    }

    /// <summary>Values made so far, to see what reading costs.</summary>
    public long Decoded => decodedBefore + (page?.Decoded ?? 0);

    /// <summary>Passes over rows; stands before a row then, or at the end.</summary>
    public async ValueTask SkipAsync(long rows, CancellationToken cancellationToken)
    {
        if (rows == 0)
        {
            return;
        }

        while (true)
        {
            if (page is null || entry == page.Count)
            {
                if (rows == 0 && valuesLeft == 0)
                {
                    return;
                }

                rows -= await NextPageAsync(rows, cancellationToken).ConfigureAwait(false);
                continue;
            }

            // A list may go on in the next page: it ends only where another begins.
            if (page.Repetitions is null || page.Repetitions[entry] == 0)
            {
                if (rows == 0)
                {
                    return;
                }

                rows--;
            }

            PassEntry();
        }
    }

    /// <summary>The value of the next row of a plain column.</summary>
    public async ValueTask<ParquetCell> NextAsync(CancellationToken cancellationToken)
    {
        while (page is null || entry == page.Count)
        {
            await NextPageAsync(SkipNone, cancellationToken).ConfigureAwait(false);
        }

        return TakeEntry();
    }

    /// <summary>Adds the items of the next row of a list column, at most one more than <see cref="MaxItems"/>; <c>false</c> when the list itself is null.</summary>
    public async ValueTask<bool> NextListAsync(List<ParquetCell> items, CancellationToken cancellationToken)
    {
        for (var first = true; ; first = false)
        {
            while (page is null || entry == page.Count)
            {
                if (!first && valuesLeft == 0)
                {
                    return true;
                }

                await NextPageAsync(SkipNone, cancellationToken).ConfigureAwait(false);
            }

            var continues = page.Repetitions![entry] > 0;
            if (continues == first)
            {
                return !first ? true : throw ParquetProblem.Corrupt("a list that begins in its middle", where);
            }

            var definition = page.Definitions![entry];
            if (definition < leaf.ItemDefinition)
            {
                PassEntry();

                // One level under the item's: a list without items. Further down: no list.
                return definition == leaf.ItemDefinition - 1;
            }

            // A page of a few bytes can repeat an item millions of times.
            if (items.Count > MaxItems)
            {
                PassEntry();
            }
            else
            {
                items.Add(TakeEntry());
            }
        }
    }

    private ParquetCell TakeEntry()
    {
        var from = page!;
        var at = PassEntry();
        return at >= 0 ? from.Values[at] : default;
    }

    // Returns the place of the entry's value in its page; -1 when there is none.
    private int PassEntry()
    {
        var here = page!.Definitions is null || page.Definitions[entry] == leaf.MaxDefinition;
        entry++;
        return here ? value++ : -1;
    }

    // Decodes the next data page, or passes over it when no more than `skippable` rows begin in it; returns the rows passed over.
    private async ValueTask<long> NextPageAsync(long skippable, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        decodedBefore = Decoded;
        page = null;
        while (true)
        {
            if (valuesLeft == 0)
            {
                throw ParquetProblem.Corrupt("fewer values than rows", where);
            }

            var header = await ReadHeaderAsync(cancellationToken).ConfigureAwait(false);
            if (header.IsData)
            {
                valuesLeft -= header.Values;
                if ((leaf.MaxRepetition == 0 ? header.Values : header.IsVersion2 ? header.Rows : null) is { } known && (known <= skippable || header.Values == 0))
                {
                    nextPage += header.HeaderSize + header.StoredSize;
                    return known;
                }

                var decoded = decoder.Decode(header, await ReadStoredAsync(header, cancellationToken).ConfigureAwait(false));
                if (decoded.Repetitions is { } repetitions && repetitions.AsSpan().Count(0) is var begun && begun <= skippable)
                {
                    return begun;
                }

                page = decoded;
                entry = 0;
                value = 0;
                return 0;
            }

            var stored = await ReadStoredAsync(header, cancellationToken).ConfigureAwait(false);
            if (header.Type == 2)
            {
                decoder.SetDictionary(header, stored);
            }
        }
    }

    private async ValueTask<PageHeader> ReadHeaderAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var rest = Math.Min(chunk.Start + chunk.Length + LengthSlack, stream.Length - 8) - nextPage;
            stream.Position = nextPage;
            var read = await stream.ReadAtLeastAsync(head.AsMemory(0, (int)Math.Min(head.Length, rest)), (int)Math.Min(head.Length, rest), throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            try
            {
                var header = PageHeader.Read(head.AsSpan(0, read));
                Check(header, rest);
                return header;
            }
            catch (ProblemException) when (read == head.Length && head.Length < 1024 * 1024)
            {
                // Statistics may make a header long: look again with more of it.
                head = new byte[head.Length * 16];
            }
        }
    }

    private void Check(PageHeader header, long rest)
    {
        if (header.StoredSize < 0 || header.Size < 0 || header.HeaderSize + (long)header.StoredSize > rest || header.Type is < 0 or > 3
            || (header.Type != 1 && header.Values < 0) || header.Rows < 0 || header.Rows > header.Values || (header.IsData && header.Values > valuesLeft))
        {
            throw ParquetProblem.Corrupt($"the page at byte {nextPage} has a header that cannot be", where);
        }

        if (header.Size > MaxPageBytes || header.StoredSize > MaxPageBytes || header.Values > MaxPageValues
            || (header.Size > RatioMattersFrom && header.Size / MaxRatio > header.StoredSize))
        {
            throw ParquetProblem.TooLarge(
                $"the page at byte {nextPage} inflates from {header.StoredSize} to {header.Size} bytes with {header.Values} values; at most {MaxPageBytes} bytes, "
                + $"{MaxPageValues} values and {MaxRatio} times its size are read",
                where);
        }
    }

    private async ValueTask<byte[]> ReadStoredAsync(PageHeader header, CancellationToken cancellationToken)
    {
        var stored = new byte[header.StoredSize];
        stream.Position = nextPage + header.HeaderSize;
        var read = await stream.ReadAtLeastAsync(stored, stored.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        if (read < stored.Length || (header.Crc is { } crc && Crc32.HashToUInt32(stored) != crc))
        {
            throw ParquetProblem.Corrupt($"the page at byte {nextPage} is damaged (its CRC-32 does not match)", where);
        }

        nextPage += header.HeaderSize + header.StoredSize;
        return stored;
    }
}
