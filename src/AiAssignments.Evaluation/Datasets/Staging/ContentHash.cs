using System.Buffers;
using System.IO.Hashing;
using AiAssignments.Core.Datasets;

namespace AiAssignments.Evaluation.Datasets.Staging;

/// <summary>Names a dataset by its bytes: XXH128 with seed 0. Not against forgery, only against mix-ups.</summary>
public static class ContentHash
{
    private const int ChunkBytes = 512 * 1024;
    private const int ChunksPerReport = 16;

    /// <summary>Reads all bytes once.</summary>
    /// <param name="source">The dataset as it was given.</param>
    /// <param name="progress">Told the bytes read so far.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns><c>xxh128:</c> and 32 lower-case hex digits, in the canonical big-endian order that <c>xxh128sum</c> prints.</returns>
    public static Task<string> ComputeAsync(IDataSource source, IProgress<long>? progress, CancellationToken cancellationToken) =>
        ReadAsync(source, Stream.Null, progress, cancellationToken);

    /// <summary>Reads all bytes once, and copies them on the way.</summary>
    /// <param name="source">The dataset as it was given.</param>
    /// <param name="destination">Takes the bytes; not disposed.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The hash of the bytes that were copied, as <see cref="ComputeAsync"/> gives it.</returns>
    public static Task<string> CopyAsync(IDataSource source, Stream destination, CancellationToken cancellationToken) =>
        ReadAsync(source, destination, null, cancellationToken);

    /// <summary>The name of the bytes that a hash was given so far, as <see cref="ComputeAsync"/> gives it.</summary>
    /// <param name="hash">An XXH128 with seed 0.</param>
    public static string Of(XxHash128 hash)
    {
        ArgumentNullException.ThrowIfNull(hash);
        return "xxh128:" + Convert.ToHexStringLower(hash.GetCurrentHash());
    }

    private static async Task<string> ReadAsync(IDataSource source, Stream destination, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        var hash = new XxHash128();
        var stream = await source.OpenReadAsync(0, null, cancellationToken).ConfigureAwait(false);
        await using var closing = stream.ConfigureAwait(false);
        var buffer = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        var total = 0L;
        try
        {
            for (var chunk = 1; await stream.ReadAsync(buffer.AsMemory(0, ChunkBytes), cancellationToken).ConfigureAwait(false) is > 0 and var read; chunk++)
            {
                hash.Append(buffer.AsSpan(0, read));
                await destination.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
                total += read;
                if (chunk % ChunksPerReport == 0)
                {
                    progress?.Report(total);
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        progress?.Report(total);
        return Of(hash);
    }
}
