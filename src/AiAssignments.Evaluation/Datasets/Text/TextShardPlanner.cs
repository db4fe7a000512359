using System.Buffers;
using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;

namespace AiAssignments.Evaluation.Datasets.Text;

/// <summary>Plans the shards of a text format in one pass.</summary>
internal static class TextShardPlanner
{
    private const int ChunkBytes = 512 * 1024;
    private const int ChunksPerReport = 16;

    /// <summary>Feeds the dataset, from the scanner's offset to the end, to the scanner.</summary>
    /// <param name="source">The dataset.</param>
    /// <param name="scanner">A new scanner.</param>
    /// <param name="progress">Told the bytes passed so far.</param>
    /// <param name="cancellationToken">Stops the pass.</param>
    /// <exception cref="ProblemException"><c>dataset-empty</c>, or what the scanner throws.</exception>
    public static async ValueTask<ShardPlan> PlanAsync(IDataSource source, BoundaryScanner scanner, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        var stream = await source.OpenReadAsync(Math.Min(scanner.Offset, source.Length), null, cancellationToken).ConfigureAwait(false);
        await using var closing = stream.ConfigureAwait(false);
        var buffer = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            for (var chunk = 1; ; chunk++)
            {
                var read = await stream.ReadAsync(buffer.AsMemory(0, ChunkBytes), cancellationToken).ConfigureAwait(false);
                if (read == 0)
                {
                    break;
                }

                scanner.Feed(buffer.AsSpan(0, read));
                if (chunk % ChunksPerReport == 0)
                {
                    progress?.Report(scanner.Offset);
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        scanner.Finish();
        progress?.Report(scanner.Offset);
        if (scanner.Records == 0)
        {
            throw TextHead.Empty(source);
        }

        return new ShardPlan(scanner.Shards(scanner.Offset), scanner.Records);
    }
}
