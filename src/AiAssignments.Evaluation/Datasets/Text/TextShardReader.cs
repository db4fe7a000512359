using System.Runtime.CompilerServices;
using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Evaluation.Datasets.Batching;

namespace AiAssignments.Evaluation.Datasets.Text;

/// <summary>Reads one shard of a text format: slides a window over its bytes and lets a parser cut records from it.</summary>
internal static class TextShardReader
{
    private const int WindowBytes = 256 * 1024;

    /// <summary>The shard's records in order.</summary>
    /// <param name="source">The dataset.</param>
    /// <param name="shard">The shard.</param>
    /// <param name="parser">A parser of this shard.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="ProblemException"><c>dataset-changed</c>: the bytes do not hold the shard's records.</exception>
    public static async IAsyncEnumerable<RecordBatch> ReadAsync(
        IDataSource source, Shard shard, RecordParser parser, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (shard.ByteStart < 0 || shard.ByteEnd < shard.ByteStart || shard.ByteEnd > source.Length)
        {
            throw ShardChange.Of(shard, $"it has {source.Length} bytes");
        }

        var stream = await source.OpenReadAsync(shard.ByteStart, shard.ByteEnd - shard.ByteStart, cancellationToken).ConfigureAwait(false);
        await using var closing = stream.ConfigureAwait(false);
        using var window = new ByteWindow(stream, shard.ByteStart, WindowBytes, RecordParser.MaxRecordBytes);
        var batch = new BatchBuilder();
        await window.FillAsync(cancellationToken).ConfigureAwait(false);
        while (true)
        {
            var passed = parser.Parse(window.Span, window.Offset, window.Final, batch);
            window.Advance(passed);
            if (batch.IsFull)
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return batch.Take();
                continue;
            }

            if (window.Final)
            {
                break;
            }

            if (passed == 0 && window.IsExhausted)
            {
                await SkipAsync(window, parser, batch, cancellationToken).ConfigureAwait(false);
                continue;
            }

            await window.FillAsync(cancellationToken).ConfigureAwait(false);
        }

        if (!batch.IsEmpty)
        {
            yield return batch.Take();
        }

        if (parser.Count != shard.RecordCount)
        {
            throw ShardChange.Of(shard, $"{parser.Count} records were found");
        }
    }

    private static async ValueTask SkipAsync(ByteWindow window, RecordParser parser, BatchBuilder batch, CancellationToken cancellationToken)
    {
        parser.RefuseOversized(window.Offset, batch);
        var first = true;
        while (true)
        {
            window.Advance(parser.Skip(window.Span, first, out var done));
            if (done || window.Final)
            {
                return;
            }

            first = false;
            await window.FillAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
