using System.Text.Json;
using AiAssignments.Evaluation.Results;
using Parquet;
using Parquet.Schema;

namespace AiAssignments.Evaluation.Reports.Predictions;

/// <summary>The columns of a predictions file in Parquet, and how a group of rows becomes them.</summary>
internal sealed class PredictionParquetLayout
{
    private readonly PredictionColumns columns;
    private readonly DataField<long> record = new("record");
    private readonly DataField<string> where = new("where", nullable: false);
    private readonly DataField<string> input = new("input", nullable: false);
    private readonly DataField<string> truth = new("truth", nullable: true);
    private readonly DataField<string> predicted = new("predicted", nullable: false);
    private readonly DataField<bool> correct = new("correct", nullable: true);
    private readonly DataField<float> confidence = new("confidence");
    private readonly DataField<int> length = new("length");
    private readonly DataField<float> probability = new("element", nullable: false);
    private readonly DataField<string> word = new("element", nullable: false);
    private readonly DataField<string> trueTag = new("element", nullable: false);
    private readonly DataField<string> predictedTag = new("element", nullable: false);
    private readonly DataField<string>[] slices;

    public PredictionParquetLayout(PredictionColumns columns)
    {
        this.columns = columns;
        slices = [.. Names(columns.SliceColumns).Select(name => new DataField<string>(name, nullable: false))];
        Field[] middle = columns.IsTagging
            ? [new ListField("words", word), new ListField("true_tags", trueTag), new ListField("predicted_tags", predictedTag)]
            : [new ListField("probabilities", probability)];
        Schema = new ParquetSchema([record, where, input, truth, predicted, correct, confidence, length, .. middle, .. slices]);
    }

    /// <summary>The schema.</summary>
    public ParquetSchema Schema { get; }

    /// <summary>Rows a group: ten thousand, fewer where rows are wide, so that a group stays at some tens of megabytes.</summary>
    public int GroupRows => Math.Clamp(4_000_000 / Math.Max(1, columns.IsTagging ? 400 : columns.Labels.Count), 100, 10_000);

    /// <summary>The file's own metadata.</summary>
    public Dictionary<string, string> Metadata() => new()
    {
        ["labels"] = JsonSerializer.Serialize(columns.Labels, ReportJson.Options),
        ["task"] = Core.Models.ModelTasks.Name(columns.Task),
    };

    /// <summary>Writes one row group.</summary>
    public async Task WriteGroupAsync(ParquetWriter writer, IReadOnlyList<PredictionRow> rows, CancellationToken cancellationToken)
    {
        using var group = writer.CreateRowGroup();
        await group.WriteAsync<long>(record, Of(rows, row => row.Record), cancellationToken: cancellationToken).ConfigureAwait(false);
        await group.WriteAsync(where, Of(rows, row => row.Where)).ConfigureAwait(false);
        await group.WriteAsync(input, Of(rows, row => row.Input)).ConfigureAwait(false);
        await group.WriteAsync(truth, Of(rows, row => row.Truth!)).ConfigureAwait(false);
        await group.WriteAsync(predicted, Of(rows, row => row.Predicted)).ConfigureAwait(false);
        await group.WriteAsync<bool>(correct, Of(rows, PredictionOutcome.IsRight), cancellationToken: cancellationToken).ConfigureAwait(false);
        await group.WriteAsync<float>(confidence, Of(rows, row => row.Confidence), cancellationToken: cancellationToken).ConfigureAwait(false);
        await group.WriteAsync<int>(length, Of(rows, row => row.Length), cancellationToken: cancellationToken).ConfigureAwait(false);
        if (columns.IsTagging)
        {
            await StringsAsync(group, word, rows, row => row.Words, cancellationToken).ConfigureAwait(false);
            await StringsAsync(group, trueTag, rows, row => row.TrueTags, cancellationToken).ConfigureAwait(false);
            await StringsAsync(group, predictedTag, rows, row => row.PredictedTags, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            var (values, definitions, repetitions) = Levels(rows, row => row.Probabilities, probability);
            await group.WriteAllPartsAsync<float>(probability, values, definitions, repetitions, cancellationToken).ConfigureAwait(false);
        }

        for (var i = 0; i < slices.Length; i++)
        {
            var index = i;
            await group.WriteAsync(slices[i], Of(rows, row => index < row.Slices.Count ? row.Slices[index] : string.Empty)).ConfigureAwait(false);
        }

        group.CompleteValidate();
    }

    private static T[] Of<T>(IReadOnlyList<PredictionRow> rows, Func<PredictionRow, T> value)
    {
        var values = new T[rows.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = value(rows[i]);
        }

        return values;
    }

    // Two slice columns of one name would be one column: the later gets a number.
    private static IEnumerable<string> Names(IReadOnlyList<string> sliceColumns)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (var column in sliceColumns)
        {
            var name = "slice:" + column;
            for (var i = 2; !taken.Add(name); i++)
            {
                name = $"slice:{column} ({i})";
            }

            yield return name;
        }
    }

    private static async Task StringsAsync(ParquetRowGroupWriter group, DataField field, IReadOnlyList<PredictionRow> rows, Func<PredictionRow, IReadOnlyList<string>?> list, CancellationToken cancellationToken)
    {
        var (values, definitions, repetitions) = Levels(rows, list, field);
        var texts = Array.ConvertAll(values, value => value.AsMemory());
        await group.WriteAllPartsAsync<ReadOnlyMemory<char>>(field, texts, definitions, repetitions, cancellationToken).ConfigureAwait(false);
    }

    // Dremel levels of a nullable list of required items: 0 is no list, one more an empty one, the most an item.
    private static (T[] Values, int[] Definitions, int[] Repetitions) Levels<T>(IReadOnlyList<PredictionRow> rows, Func<PredictionRow, IReadOnlyList<T>?> list, DataField field)
    {
        var values = new List<T>();
        var definitions = new List<int>();
        var repetitions = new List<int>();
        foreach (var row in rows)
        {
            var items = list(row);
            if (items is null || items.Count == 0)
            {
                definitions.Add(items is null ? 0 : 1);
                repetitions.Add(0);
                continue;
            }

            for (var i = 0; i < items.Count; i++)
            {
                values.Add(items[i]);
                definitions.Add(field.MaxDefinitionLevel);
                repetitions.Add(i == 0 ? 0 : 1);
            }
        }

        return ([.. values], [.. definitions], [.. repetitions]);
    }
}
