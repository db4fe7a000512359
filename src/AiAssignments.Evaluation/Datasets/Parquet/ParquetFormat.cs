using System.Runtime.CompilerServices;
using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Models;
using AiAssignments.Evaluation.Datasets.Batching;
using AiAssignments.Evaluation.Datasets.Conll;

namespace AiAssignments.Evaluation.Datasets.Parquet;

/// <summary>
/// Apache Parquet, plain or as Hugging Face exports it: a text (or pair) column with labels, an image struct with bytes, lists of words and
/// tags. Class names come from the <c>huggingface</c> metadata. Only the wanted columns are read, page by page: at most one page a column
/// is in memory. Shards are whole row groups, or parts of those larger than a shard; a shard's byte range is a range of row-group ordinals.
/// Reads the codecs Snappy, gzip, Zstandard, Brotli and LZ4, and all encodings of text and whole numbers.
/// </summary>
/// <remarks>Written on the format's specification rather than on Parquet.Net, which reads whole column chunks and trusts their sizes.</remarks>
public sealed class ParquetFormat : IDatasetFormat
{
    private const long MaxRows = 1_000_000_000;
    private const int MaxShards = 1_000_000;
    private const int RowsLookedAt = 500;

    /// <inheritdoc />
    public string Name => "parquet";

    /// <inheritdoc />
    public async ValueTask<DatasetDescription?> RecognizeAsync(IDataSource source, DatasetOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(options);
        var asked = options.Format == Name;
        if ((options.Format is not null && !asked)
            || (!asked && await ParquetFooter.HasMagicAsync(source, cancellationToken).ConfigureAwait(false) == false))
        {
            return null;
        }

        var footer = await ParquetFooter.ReadAsync(source, cancellationToken).ConfigureAwait(false);
        var description = ParquetColumns.Describe(footer, options);
        if (description.Task == ModelTask.TokenClassification && await FindSchemeAsync(source, description, footer, cancellationToken).ConfigureAwait(false) is { } scheme)
        {
            description = description with { Details = new Dictionary<string, string>(description.Details) { ["scheme"] = scheme } };
        }

        return description;
    }

    /// <inheritdoc />
    public async ValueTask<ShardPlan> PlanAsync(
        IDataSource source, DatasetDescription description, int shardRecords, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(description);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(shardRecords);
        var footer = await ParquetFooter.ReadAsync(source, cancellationToken).ConfigureAwait(false);
        Check(footer, description);
        if (footer.Rows > MaxRows || footer.Rows / shardRecords + footer.RowGroups.Count > MaxShards)
        {
            throw ParquetProblem.TooLarge($"{footer.Rows} rows in {footer.RowGroups.Count} row groups make more than {MaxShards} shards of {shardRecords} records");
        }

        var shards = new List<Shard>();
        long first = 0;
        for (var group = 0; group < footer.RowGroups.Count;)
        {
            // Small row groups go together; a large one is cut.
            var rows = footer.RowGroups[group].Rows;
            var next = group + 1;
            while (next < footer.RowGroups.Count && rows + footer.RowGroups[next].Rows <= shardRecords)
            {
                rows += footer.RowGroups[next++].Rows;
            }

            for (var end = first + rows; first < end;)
            {
                var count = (int)Math.Min(shardRecords, end - first);
                shards.Add(new Shard(shards.Count, group, next, first, count));
                first += count;
            }

            group = next;
        }

        progress?.Report(source.Length);
        return shards.Count > 0 ? new ShardPlan(shards, footer.Rows) : throw new ProblemException("dataset-empty", "The Parquet file has no row.");
    }

    /// <inheritdoc />
    public async IAsyncEnumerable<RecordBatch> ReadAsync(
        IDataSource source, DatasetDescription description, Shard shard, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(description);
        ArgumentNullException.ThrowIfNull(shard);
        var footer = await ParquetFooter.ReadAsync(source, cancellationToken).ConfigureAwait(false);
        var end = shard.FirstRecord + shard.RecordCount;
        if (end > footer.Rows)
        {
            throw new ProblemException("dataset-changed", "The dataset ends before the shard does: it changed after it was planned.");
        }

        var batch = new BatchBuilder();
        long groupStart = 0;
        for (var group = 0; group < footer.RowGroups.Count && groupStart < end; groupStart += footer.RowGroups[group++].Rows)
        {
            var groupEnd = groupStart + footer.RowGroups[group].Rows;
            var from = Math.Max(shard.FirstRecord, groupStart);
            if (from >= groupEnd)
            {
                continue;
            }

            using var rows = new RowReader(source, description, footer, group);
            await rows.SkipAsync(from - groupStart, cancellationToken).ConfigureAwait(false);
            for (var index = from; index < Math.Min(end, groupEnd); index++)
            {
                await rows.ReadAsync(batch, index, cancellationToken).ConfigureAwait(false);
                if (batch.IsFull)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    yield return batch.Take();
                }
            }
        }

        if (!batch.IsEmpty)
        {
            yield return batch.Take();
        }
    }

    // Every row group must have the wanted columns, as long as its rows say, in a codec that is read.
    private static void Check(ParquetFooter footer, DatasetDescription description)
    {
        string?[] columns = [description.InputColumn, description.PairColumn, description.LabelColumn, .. description.SliceColumns];
        var fields = ParquetField.From(footer.Leaves).Where(field => columns.Contains(field.Name, StringComparer.Ordinal)).ToList();
        for (var group = 0; group < footer.RowGroups.Count; group++)
        {
            var rows = footer.RowGroups[group].Rows;
            foreach (var field in fields)
            {
                var where = $"column {Tar.EntryPath.Show(field.Leaf.Name)}, row group {group}";
                var chunk = footer.RowGroups[group].Chunks.FirstOrDefault(chunk => chunk.Path == field.Leaf.Name)
                    ?? throw ParquetProblem.Corrupt("a row group lacks a column of the schema", where);
                if (!PageCodec.IsSupported(chunk.Codec))
                {
                    throw ParquetProblem.Unsupported($"compression {PageCodec.NameOf(chunk.Codec)}; write it with Snappy or Zstandard", where);
                }

                if (chunk.Values < rows || (field.Leaf.MaxRepetition == 0 && chunk.Values != rows))
                {
                    throw ParquetProblem.Corrupt($"{chunk.Values} values for {rows} rows", where);
                }
            }
        }
    }

    private async ValueTask<string?> FindSchemeAsync(IDataSource source, DatasetDescription description, ParquetFooter footer, CancellationToken cancellationToken)
    {
        var count = (int)Math.Min(RowsLookedAt, footer.Rows);
        if (count == 0 || description.LabelColumn is null)
        {
            return null;
        }

        var vote = new SchemeVote();
        var seen = false;
        try
        {
            Check(footer, description);
            await foreach (var batch in ReadAsync(source, description, new Shard(0, 0, 1, 0, count), cancellationToken).ConfigureAwait(false))
            {
                foreach (var tags in batch.Records.OfType<WordsRecord>().Select(record => record.Tags).OfType<IReadOnlyList<string>>())
                {
                    foreach (var tag in tags.Where(tag => TagSyntax.IsValid(System.Text.Encoding.UTF8.GetBytes(tag))))
                    {
                        vote.Add(tag);
                        seen = true;
                    }

                    vote.EndSentence();
                }
            }
        }
        catch (ProblemException)
        {
            // Planning or reading will tell it; recognizing needs no more than the footer.
            return null;
        }

        return seen ? vote.Scheme : null;
    }
}
