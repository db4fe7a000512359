using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Models;
using AiAssignments.Evaluation.Datasets.Columns;
using AiAssignments.Evaluation.Datasets.Text;

namespace AiAssignments.Evaluation.Datasets.JsonLines;

/// <summary>
/// JSON Lines: one JSON object (RFC 8259, nested at most 64 deep) a line, lines ended by LF, blank lines passed over.
/// Text classification: a string property and a label (string, number, <c>true</c> or <c>false</c>).
/// Token classification: a list of words and a list of as many tags (strings or integers).
/// </summary>
public sealed class JsonLinesFormat : IDatasetFormat
{
    /// <inheritdoc />
    public string Name => "jsonl";

    /// <inheritdoc />
    public async ValueTask<DatasetDescription?> RecognizeAsync(IDataSource source, DatasetOptions options, CancellationToken cancellationToken)
    {
        var forced = options.Format == Name;
        if ((!forced && options.Format is not null) || options.Task == ModelTask.ImageClassification)
        {
            return forced ? throw new ProblemException("dataset-task", "A jsonl dataset holds records for text-classification or token-classification, not for image-classification.") : null;
        }

        var head = await TextHead.ReadAsync(source, cancellationToken).ConfigureAwait(false);
        var named = forced || Path.GetExtension(source.Name).ToLowerInvariant() is ".jsonl" or ".ndjson" or ".json";
        var content = head.Bytes.AsSpan(head.Start).TrimStart(" \t\r\n"u8);
        if (content.StartsWith("["u8) && (named || content[1..].TrimStart(" \t\r\n"u8).StartsWith("{"u8)))
        {
            throw new ProblemException("json-array", "The file is one JSON array; put each of its objects on a line of its own, without the brackets and the commas between them (for example: jq -c '.[]').");
        }

        if (!content.StartsWith("{"u8) && !named)
        {
            return null;
        }

        if (content.IsEmpty)
        {
            throw TextHead.Empty(source);
        }

        if (head.IsOneHugeLine)
        {
            throw TextHead.Huge();
        }

        var json = new JsonHead(head);
        if (json.Objects == 0)
        {
            return named && json.FirstError is { } reason
                ? throw new ProblemException("json-invalid", $"No line is a JSON object: {reason} One object with all of its record's properties is needed on each line.", $"line {json.FirstErrorLine}")
                : null;
        }

        return Describe(head, json, options);
    }

    /// <inheritdoc />
    /// <exception cref="ProblemException"><c>dataset-empty</c>.</exception>
    public ValueTask<ShardPlan> PlanAsync(IDataSource source, DatasetDescription description, int shardRecords, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(shardRecords, 1);
        return TextShardPlanner.PlanAsync(source, new LineScanner(description.DataStart, shardRecords), progress, cancellationToken);
    }

    /// <inheritdoc />
    /// <exception cref="ProblemException"><c>dataset-changed</c>.</exception>
    public IAsyncEnumerable<RecordBatch> ReadAsync(IDataSource source, DatasetDescription description, Shard shard, CancellationToken cancellationToken) =>
        TextShardReader.ReadAsync(source, shard, new JsonLineParser(description, shard), cancellationToken);

    private DatasetDescription Describe(TextHead head, JsonHead json, DatasetOptions options)
    {
        var columns = json.Columns;
        var lists = columns.Where(json.IsList).ToList();
        var words = ColumnRoles.Named(columns, options.InputColumn, "input") ?? ColumnNames.First(lists, ColumnNames.Words);
        var tokens = options.Task is { } task ? task == ModelTask.TokenClassification : words is not null && json.IsList(words);
        if (!tokens)
        {
            var roles = ColumnRoles.OfText(columns, options);
            return new DatasetDescription
            {
                Format = Name,
                Task = ModelTask.TextClassification,
                Columns = columns,
                InputColumn = roles.Input ?? throw ColumnRoles.Unclear(columns, "text"),
                InputTailColumn = roles.Tail,
                PairColumn = roles.Pair,
                LabelColumn = roles.Label ?? throw ColumnRoles.Unclear(columns, "label"),
                SliceColumns = Sliced(roles.Slices),
                Quoted = false,
                DataStart = head.Start,
            };
        }

        var tags = ColumnRoles.Named(columns, options.LabelColumn, "tags") ?? ColumnNames.First([.. lists.Where(column => column != words)], ColumnNames.Tags);
        return new DatasetDescription
        {
            Format = Name,
            Task = ModelTask.TokenClassification,
            Columns = columns,
            InputColumn = words ?? throw ColumnRoles.Unclear(columns, "list of words"),
            LabelColumn = tags ?? throw ColumnRoles.Unclear(columns, "list of tags"),
            SliceColumns = Sliced([.. options.SliceColumns.Select(name => ColumnRoles.Named(columns, name, "slice")!)]),
            Quoted = false,
            DataStart = head.Start,
        };
    }

    private static IReadOnlyList<string> Sliced(IReadOnlyList<string> slices) => slices.Count <= JsonFields.MaxSlices
        ? slices
        : throw new ProblemException("slices-too-many", $"{slices.Count} slice columns were asked for; at most {JsonFields.MaxSlices} are kept.");
}
