using System.Globalization;
using System.Runtime.CompilerServices;
using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Models;
using AiAssignments.Evaluation.Datasets.Batching;

namespace AiAssignments.Evaluation.Datasets.Conll;

/// <summary>
/// Columns as in the CoNLL-2003 shared task (Tjong Kim Sang and De Meulder 2003): a word a line, its columns separated by spaces or tabs,
/// the word first and the tag last, a blank line after each sentence; <c>-DOCSTART-</c> lines are no words. Two columns (word, tag) do too.
/// The scheme found in the head of the file is in <see cref="DatasetDescription.Details"/> under <c>scheme</c>: <c>IOB1</c>, <c>IOB2</c> or
/// <c>IOBES</c>; under <c>illegal-starts</c> the chunk starts of the sample that this scheme forbids, when there are any.
/// </summary>
public sealed class ConllFormat : IDatasetFormat
{
    /// <inheritdoc />
    public string Name => "conll";

    /// <inheritdoc />
    public async ValueTask<DatasetDescription?> RecognizeAsync(IDataSource source, DatasetOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(options);
        if (options.Format is not null && options.Format != Name)
        {
            return null;
        }

        // The columns of another format may have names; only who says CoNLL means its column numbers.
        var asked = options.Format == Name;
        var sample = await ConllSample.ReadAsync(source, cancellationToken).ConfigureAwait(false);
        var columns = sample.FindColumns(asked ? options : DatasetOptions.Default);
        if (columns is null)
        {
            return asked
                ? throw new ProblemException(
                    "conll-not-recognized", "These are not CoNLL columns: a word a line, with a tag (O, B-PER, I-LOC …) as its last column, is needed.")
                : null;
        }

        columns = asked ? columns : sample.FindColumns(options)!;
        var vote = sample.Vote(columns);
        var details = new Dictionary<string, string>
        {
            ["scheme"] = vote.Scheme,
            ["separator"] = columns.Tabs ? "tab" : "space",
            ["columns"] = columns.Count.ToString(CultureInfo.InvariantCulture),
        };
        if (vote.Illegal > 0)
        {
            details["illegal-starts"] = vote.Illegal.ToString(CultureInfo.InvariantCulture);
        }

        return new DatasetDescription
        {
            Format = Name,
            Layout = columns.Count == 4 ? "CoNLL-2003" : null,
            Task = ModelTask.TokenClassification,
            Columns = [.. Enumerable.Range(0, columns.Count).Select(column => column.ToString(CultureInfo.InvariantCulture))],
            InputColumn = columns.Word.ToString(CultureInfo.InvariantCulture),
            LabelColumn = columns.Tag.ToString(CultureInfo.InvariantCulture),
            SliceColumns = SliceSelection.Check(options.SliceColumns, [], Name),
            Details = details,
        };
    }

    /// <inheritdoc />
    public async ValueTask<ShardPlan> PlanAsync(
        IDataSource source, DatasetDescription description, int shardRecords, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        var cutter = new ShardCutter(shardRecords);
        var stream = await source.OpenReadAsync(0, null, cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            var reader = new ConllLineReader(stream, 0, 1);
            var inside = false;
            do
            {
                while (reader.TryNext(out var line))
                {
                    if (reader.Line == 1 && line is [0xEF, 0xBB, 0xBF, ..])
                    {
                        line = line[3..];
                    }

                    var word = ConllLineReader.Classify(line) == ConllLine.Word;
                    if (word && !inside)
                    {
                        cutter.Begin(reader.LineOffset, reader.Line);
                    }

                    inside = word;
                }

                progress?.Report(reader.Offset);
            }
            while (await reader.FillAsync(cancellationToken).ConfigureAwait(false));
        }

        return cutter.Finish(source.Length, "The file holds no sentence.");
    }

    /// <inheritdoc />
    /// <exception cref="ProblemException"><c>dataset-changed</c>: the bytes do not hold the shard's sentences.</exception>
    public async IAsyncEnumerable<RecordBatch> ReadAsync(
        IDataSource source, DatasetDescription description, Shard shard, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(description);
        ArgumentNullException.ThrowIfNull(shard);
        if (shard.ByteStart < 0 || shard.ByteEnd < shard.ByteStart || shard.ByteEnd > source.Length)
        {
            throw ShardChange.Of(shard, $"it has {source.Length} bytes");
        }

        var batch = new BatchBuilder();
        var sentence = new ConllSentence(ColumnsOf(description));
        var index = shard.FirstRecord;
        var position = default(RecordPosition);
        var stream = await source.OpenReadAsync(shard.ByteStart, shard.ByteEnd - shard.ByteStart, cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            var reader = new ConllLineReader(stream, shard.ByteStart, shard.FirstLine);
            do
            {
                while (Step(reader, sentence, ref position, index, out var ended))
                {
                    if (ended)
                    {
                        sentence.MoveTo(batch, position);
                        index++;
                        if (batch.IsFull)
                        {
                            yield return batch.Take();
                        }
                    }
                }
            }
            while (await reader.FillAsync(cancellationToken).ConfigureAwait(false));
        }

        if (!sentence.IsEmpty)
        {
            sentence.MoveTo(batch, position);
            index++;
        }

        if (!batch.IsEmpty)
        {
            yield return batch.Take();
        }

        if (index - shard.FirstRecord != shard.RecordCount)
        {
            throw ShardChange.Of(shard, $"{index - shard.FirstRecord} records were found");
        }
    }

    // One line; says whether it ended a sentence.
    private static bool Step(ConllLineReader reader, ConllSentence sentence, ref RecordPosition position, long index, out bool ended)
    {
        ended = false;
        if (!reader.TryNext(out var line))
        {
            return false;
        }

        var offset = reader.LineOffset;
        if (offset == 0 && line is [0xEF, 0xBB, 0xBF, ..])
        {
            line = line[3..];
            offset = 3;
        }

        if (ConllLineReader.Classify(line) != ConllLine.Word)
        {
            ended = !sentence.IsEmpty;
            return true;
        }

        if (sentence.IsEmpty)
        {
            position = new RecordPosition(index, offset, reader.Line);
        }

        sentence.Add(line, reader.LineTooLong, reader.Line, offset);
        return true;
    }

    private static ConllColumns ColumnsOf(DatasetDescription description) => new(
        description.Details.GetValueOrDefault("separator") == "tab",
        description.Columns.Count,
        int.Parse(description.InputColumn!, CultureInfo.InvariantCulture),
        int.Parse(description.LabelColumn!, CultureInfo.InvariantCulture));
}
