using AiAssignments.Core.Datasets;
using AiAssignments.Core.Models;
using AiAssignments.Evaluation.Datasets.Batching;
using AiAssignments.Evaluation.Datasets.Images;
using AiAssignments.Evaluation.Datasets.Staging;

namespace AiAssignments.Evaluation.Datasets.Parquet;

/// <summary>Reads the wanted columns of one row group side by side and makes records of their rows.</summary>
internal sealed class RowReader : IDisposable
{
    private const int MaxTextBytes = 16 * 1024 * 1024;
    private const int MaxWords = ColumnCursor.MaxItems;

    private readonly DatasetDescription description;
    private readonly ColumnCursor input;
    private readonly ColumnCursor? pair;
    private readonly ColumnCursor? label;
    private readonly ParquetType labelType;
    private readonly List<(ColumnCursor Cursor, ParquetType Type)> slices = [];
    private readonly List<SeekableSourceStream> streams = [];
    private readonly List<ParquetCell> words = [];
    private readonly List<ParquetCell> tags = [];
    private readonly long offset;

    /// <summary>Stands before the first row of a row group.</summary>
    public RowReader(IDataSource source, DatasetDescription description, ParquetFooter footer, int group)
    {
        this.description = description;
        var fields = ParquetField.From(footer.Leaves);
        input = Open(description.InputColumn!, out _, out offset);
        pair = description.PairColumn is null ? null : Open(description.PairColumn, out _, out _);
        label = description.LabelColumn is null ? null : Open(description.LabelColumn, out labelType, out _);
        foreach (var column in description.SliceColumns)
        {
            slices.Add((Open(column, out var type, out _), type));
        }

        ColumnCursor Open(string column, out ParquetType type, out long start)
        {
            var leaf = fields.Find(field => field.Name == column)?.Leaf ?? throw ParquetProblem.Corrupt($"column '{column}' is not there any more");
            var chunk = footer.RowGroups[group].Chunks.FirstOrDefault(chunk => chunk.Path == leaf.Name)
                ?? throw ParquetProblem.Corrupt($"row group {group} lacks column '{Tar.EntryPath.Show(leaf.Name)}'");
            type = leaf.Type;
            start = chunk.Start;
            var stream = new SeekableSourceStream(source);
            streams.Add(stream);
            return new ColumnCursor(leaf, chunk, group, stream);
        }
    }

    /// <summary>Values made so far, of all columns.</summary>
    public long Decoded => Cursors.Sum(cursor => cursor.Decoded);

    private IEnumerable<ColumnCursor> Cursors => new[] { input, pair, label }.Concat(slices.Select(slice => slice.Cursor)).OfType<ColumnCursor>();

    /// <inheritdoc />
    public void Dispose() => streams.ForEach(stream => stream.Dispose());

    /// <summary>Passes over rows.</summary>
    public async ValueTask SkipAsync(long rows, CancellationToken cancellationToken)
    {
        foreach (var cursor in Cursors)
        {
            await cursor.SkipAsync(rows, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Adds the next row to a batch, as a record or as a bad one.</summary>
    public async ValueTask ReadAsync(BatchBuilder batch, long index, CancellationToken cancellationToken)
    {
        var position = new RecordPosition(index, offset);
        if (description.Task == ModelTask.TokenClassification)
        {
            words.Clear();
            tags.Clear();
            var hasWords = await input.NextListAsync(words, cancellationToken).ConfigureAwait(false);
            var hasTags = label is not null && await label.NextListAsync(tags, cancellationToken).ConfigureAwait(false);
            AddWords(batch, position, hasWords, hasTags, await ReadSlicesAsync(cancellationToken).ConfigureAwait(false));
            return;
        }

        var content = await input.NextAsync(cancellationToken).ConfigureAwait(false);
        var second = pair is null ? default : await pair.NextAsync(cancellationToken).ConfigureAwait(false);
        var cell = label is null ? default : await label.NextAsync(cancellationToken).ConfigureAwait(false);
        var values = await ReadSlicesAsync(cancellationToken).ConfigureAwait(false);
        if (cell.HasValue && labelType == ParquetType.ByteArray && !StrictText.TryDecode(cell.Binary.Span, out _, out var code, out _))
        {
            batch.Add(position, code, "The label is not UTF-8 text.");
        }
        else if (description.Task == ModelTask.ImageClassification)
        {
            AddImage(batch, position, content, LabelOf(cell), values);
        }
        else
        {
            AddText(batch, position, content, second, LabelOf(cell), values);
        }
    }

    private static void AddImage(BatchBuilder batch, RecordPosition position, ParquetCell content, string? label, string[] slices)
    {
        if (!content.HasValue || content.Binary.IsEmpty)
        {
            batch.Add(position, "image-missing", "The row has no image bytes: images must be embedded in the file.");
        }
        else if (!ImageMagic.IsImage(content.Binary.Span))
        {
            batch.Add(position, "image-format", "The bytes are not a PNG, JPEG, WebP, BMP or GIF image.");
        }
        else if (content.Binary.Length > ImageEntry.MaxImageBytes)
        {
            batch.Add(position, "image-too-large", $"The image has {content.Binary.Length} bytes; at most {ImageEntry.MaxImageBytes} are read.");
        }
        else
        {
            batch.Add(new ImageRecord(position, content.Binary, null, label, slices), content.Binary.Length);
        }
    }

    private void AddText(BatchBuilder batch, RecordPosition position, ParquetCell content, ParquetCell second, string? label, string[] slices)
    {
        if (!TryText(content, description.InputColumn!, out var text, out var error) || !TryText(second, description.PairColumn, out var other, out error))
        {
            batch.Add(position, error.Code, error.Message);
            return;
        }

        batch.Add(new TextRecord(position, text!, other, label, slices), content.Binary.Length + second.Binary.Length);
    }

    private static bool TryText(ParquetCell cell, string? column, out string? text, out (string Code, string Message) error)
    {
        text = null;
        error = default;
        if (column is null)
        {
            return true;
        }

        if (!cell.HasValue)
        {
            error = ("text-missing", $"Column '{column}' is null.");
        }
        else if (cell.Binary.Length > MaxTextBytes)
        {
            error = ("text-too-large", $"Column '{column}' has {cell.Binary.Length} bytes; at most {MaxTextBytes} are read.");
        }
        else if (!StrictText.TryDecode(cell.Binary.Span, out text, out var code, out var badAt))
        {
            error = (code, $"Column '{column}': byte {badAt} of the value, 0x{cell.Binary.Span[badAt]:X2}, is not text in UTF-8.");
        }

        return error.Code is null;
    }

    private void AddWords(BatchBuilder batch, RecordPosition position, bool hasWords, bool hasTags, string[] slices)
    {
        if (!hasWords || words.Count == 0)
        {
            batch.Add(position, "words-missing", "The row has no words.");
        }
        else if (words.Count > MaxWords || tags.Count > MaxWords)
        {
            batch.Add(position, "words-too-many", $"The row has more than {MaxWords} {(words.Count > MaxWords ? "words" : "tags")}, the most that is read.");
        }
        else if (hasTags && tags.Count != words.Count)
        {
            batch.Add(position, "words-tags-mismatch", $"The row has {words.Count} words and {tags.Count} tags.");
        }
        else if (words.FindIndex(word => word.ToText(ParquetType.ByteArray) is null) is var bad && bad >= 0)
        {
            batch.Add(position, "text-not-utf8", $"Word {bad} is null or not UTF-8 text.");
        }
        else if (hasTags && tags.FindIndex(tag => TagOf(tag) is null) is var wrong && wrong >= 0)
        {
            batch.Add(position, "tag-unknown", $"Tag {wrong} is null, not text, or no index into the {description.LabelNames.Count} names that the file declares.");
        }
        else
        {
            var record = new WordsRecord(
                position, words.ConvertAll(word => word.ToText(ParquetType.ByteArray)!), hasTags ? tags.ConvertAll(tag => TagOf(tag)!) : null, slices);
            batch.Add(record, words.Sum(word => (long)word.Binary.Length));
        }
    }

    // Tags come out by name: a scheme (B-, I-) cannot be told from numbers.
    private string? TagOf(ParquetCell tag)
    {
        if (!tag.HasValue || labelType == ParquetType.ByteArray || description.LabelNames.Count == 0)
        {
            return tag.ToText(labelType);
        }

        return tag.Number >= 0 && tag.Number < description.LabelNames.Count ? description.LabelNames[(int)tag.Number] : null;
    }

    // Hugging Face writes -1 where a split is published without labels.
    private string? LabelOf(ParquetCell cell) =>
        cell is { HasValue: true, Number: -1 } && labelType is ParquetType.Int32 or ParquetType.Int64 && description.LabelNames.Count > 0
            ? null
            : cell.ToText(labelType);

    private async ValueTask<string[]> ReadSlicesAsync(CancellationToken cancellationToken)
    {
        var values = slices.Count == 0 ? [] : new string[slices.Count];
        for (var i = 0; i < values.Length; i++)
        {
            var (cursor, type) = slices[i];
            values[i] = (await cursor.NextAsync(cancellationToken).ConfigureAwait(false)).ToText(type) ?? string.Empty;
        }

        return values;
    }
}
