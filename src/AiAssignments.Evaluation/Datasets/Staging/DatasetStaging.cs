using System.Buffers;
using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using ZstdSharp;

namespace AiAssignments.Evaluation.Datasets.Staging;

/// <summary>Makes a dropped dataset readable from any offset: decompresses what is compressed as a whole (<c>.csv.gz</c>, <c>.tar.zst</c>), told from content.</summary>
public static class DatasetStaging
{
    private const int ChunkBytes = 256 * 1024;
    private const int ChunksPerReport = 16;

    /// <summary>Looks at the first bytes.</summary>
    /// <param name="source">The dataset as it was given.</param>
    /// <param name="cancellationToken">Stops the look.</param>
    public static async ValueTask<StagingNeed> InspectAsync(IDataSource source, CancellationToken cancellationToken)
    {
        var magic = new byte[4];
        var stream = await source.OpenReadAsync(0, Math.Min(4, source.Length), cancellationToken).ConfigureAwait(false);
        await using var closing = stream.ConfigureAwait(false);
        var read = await stream.ReadAtLeastAsync(magic, 4, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        return read >= 2 && magic is [0x1F, 0x8B, ..] ? StagingNeed.Gzip
            : read == 4 && magic is [0x28, 0xB5, 0x2F, 0xFD] ? StagingNeed.Zstandard
            : StagingNeed.None;
    }

    /// <summary>Writes the decompressed bytes; several members or frames in a row are joined.</summary>
    /// <param name="source">A dataset that <see cref="InspectAsync"/> says is compressed.</param>
    /// <param name="destination">Takes the bytes; not disposed. On an exception it holds a part that is to be thrown away.</param>
    /// <param name="limits">When to stop.</param>
    /// <param name="progress">Told the compressed bytes read so far.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The name without <c>.gz</c> or <c>.zst</c> (<c>.tgz</c> becomes <c>.tar</c>).</returns>
    /// <exception cref="ProblemException"><c>archive-truncated</c>, <c>archive-corrupt</c>, <c>archive-bomb</c>; <c>archive-not-compressed</c> when there is nothing to do.</exception>
    public static async Task<string> DecompressAsync(IDataSource source, Stream destination, StagingLimits limits, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limits.MaxBytes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(limits.MaxRatio, 1);
        var need = await InspectAsync(source, cancellationToken).ConfigureAwait(false);
        if (need == StagingNeed.None)
        {
            throw new ProblemException("archive-not-compressed", "The file is neither gzip nor Zstandard.");
        }

        var compressed = await source.OpenReadAsync(0, null, cancellationToken).ConfigureAwait(false);
        await using var closing = compressed.ConfigureAwait(false);
        var metered = new MeteredStream(compressed);
        await using var closingMeter = metered.ConfigureAwait(false);
        try
        {
            await CopyAsync(source, metered, need, destination, limits, progress, cancellationToken).ConfigureAwait(false);
        }
        catch (EndOfStreamException error)
        {
            throw Truncated(source, need, error);
        }
        catch (Exception error) when (error is InvalidDataException or ZstdException)
        {
            throw new ProblemException(
                new Problem("archive-corrupt", $"The {Kind(need)} data is damaged or was cut off, at or before byte {metered.BytesRead} of {source.Length}; copy the file again.", $"byte {metered.BytesRead}"), error);
        }

        return StagedName(source.Name, need);
    }

    private static async Task CopyAsync(
        IDataSource source, MeteredStream metered, StagingNeed need, Stream destination, StagingLimits limits, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        var gzip = new GzipMembers(new RewindableStream(metered));
        await using var closingGzip = gzip.ConfigureAwait(false);
        var zstandard = new DecompressionStream(metered, leaveOpen: true);
        await using var closingZstandard = zstandard.ConfigureAwait(false);
        var buffer = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        var written = 0L;
        try
        {
            for (var chunk = 1; ; chunk++)
            {
                var read = need == StagingNeed.Gzip
                    ? await gzip.ReadAsync(buffer.AsMemory(0, ChunkBytes), cancellationToken).ConfigureAwait(false)
                    : await zstandard.ReadAsync(buffer.AsMemory(0, ChunkBytes), cancellationToken).ConfigureAwait(false);
                if (read == 0)
                {
                    break;
                }

                written += read;
                Check(written, metered.BytesRead, limits);
                await destination.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
                if (chunk % ChunksPerReport == 0)
                {
                    progress?.Report(metered.BytesRead);
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        progress?.Report(source.Length);
    }

    private static void Check(long written, long read, StagingLimits limits)
    {
        if (written > limits.MaxBytes)
        {
            throw new ProblemException("archive-bomb", $"Decompressed, the file has more than {limits.MaxBytes} bytes, the most that is allowed.", $"byte {read}");
        }

        if (written > limits.RatioFloor && written > read * limits.MaxRatio)
        {
            throw new ProblemException("archive-bomb", FormattableString.Invariant($"The file decompresses to more than {limits.MaxRatio:0.#} times its size ({written} bytes from {read}), which no dataset does; it was stopped there."), $"byte {read}");
        }
    }

    private static ProblemException Truncated(IDataSource source, StagingNeed need, Exception error) => new(
        new Problem("archive-truncated", $"The {Kind(need)} data ends at byte {source.Length} before it is complete: the file was cut off. Copy it again.", $"byte {source.Length}"), error);

    private static string Kind(StagingNeed need) => need == StagingNeed.Gzip ? "gzip" : "Zstandard";

    private static string StagedName(string name, StagingNeed need)
    {
        foreach (var (ending, instead) in need == StagingNeed.Gzip ? [(".gz", ""), (".tgz", ".tar")] : new[] { (".zst", ""), (".tzst", ".tar") })
        {
            if (name.Length > ending.Length && name.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
            {
                return name[..^ending.Length] + instead;
            }
        }

        return name;
    }
}
