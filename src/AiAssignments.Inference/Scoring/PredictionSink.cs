using AiAssignments.Core.Datasets;
using AiAssignments.Core.Models;

namespace AiAssignments.Inference.Scoring;

/// <summary>Gathers the probabilities of a shard's records while batches come in by length.</summary>
internal sealed class PredictionSink
{
    // Of a word that the model never saw: the logarithm of nothing would be no number.
    private const float LeastLogit = -30;

    private readonly ModelCard card;
    private readonly IReadOnlyList<DatasetRecord> records;
    private readonly float[][] probabilities;
    private readonly RecordError?[] errors;
    private readonly float[][]? logits;
    private readonly int labels;

    public PredictionSink(ModelCard card, IReadOnlyList<DatasetRecord> records, bool keepLogits = false)
    {
        (this.card, this.records, labels) = (card, records, card.Labels.Count);
        probabilities = new float[records.Count][];
        errors = new RecordError?[records.Count];
        float[]? outside = null;
        for (var i = 0; i < records.Count; i++)
        {
            var rows = 1;
            if (records[i] is WordsRecord sentence)
            {
                errors[i] = SentenceLimits.Refuse(sentence, labels);
                rows = errors[i] is null ? sentence.Words.Count : 0;
            }

            probabilities[i] = new float[checked(rows * labels)];
            if (records[i] is not WordsRecord)
            {
                continue;
            }

            outside ??= OutsideRow();
            for (var row = 0; row < rows; row++)
            {
                outside.CopyTo(probabilities[i].AsSpan(row * labels));
            }
        }

        // Words that no token stands for keep these; all else is overwritten.
        logits = keepLogits ? Array.ConvertAll(probabilities, rows => Array.ConvertAll(rows, value => MathF.Max(LeastLogit, MathF.Log(value)))) : null;
    }

    /// <summary>Takes a batch's logits.</summary>
    public void Take(ReadOnlySpan<float> batch, ReadOnlySpan<SequenceItem> items, int positions)
    {
        for (var row = 0; row < items.Length; row++)
        {
            Take(items[row], RowOf(batch, row, items[row], positions, labels));
        }
    }

    /// <summary>The logits of one row of a batch.</summary>
    public static ReadOnlySpan<float> RowOf(ReadOnlySpan<float> batch, int row, SequenceItem item, int positions, int labels)
    {
        var length = item.Words is null ? labels : positions * labels;
        return batch.Slice(row * length, length);
    }

    /// <summary>Takes the logits of one row: a text's, or those of all positions of a window.</summary>
    public void Take(SequenceItem item, ReadOnlySpan<float> row)
    {
        if (item.Words is null)
        {
            Take(item.Record, 0, row);
            return;
        }

        foreach (var (word, position) in item.Words)
        {
            Take(item.Record, word, row.Slice(position * labels, labels));
        }
    }

    /// <summary>Takes one row of logits.</summary>
    public void Take(int record, int row, ReadOnlySpan<float> values)
    {
        if (!Softmax.TryApply(values, probabilities[record].AsSpan(row * labels, labels)))
        {
            Fail(record, new(records[record].Position, "logits-not-finite", "The model gave logits that are not finite (NaN or infinity) for this record."));
        }

        if (logits is not null)
        {
            values.CopyTo(logits[record].AsSpan(row * labels, labels));
        }
    }

    /// <summary>Marks a record as one that cannot be scored; the first reason stays.</summary>
    public void Fail(int record, RecordError error) => errors[record] ??= error;

    public ScoredRecord[] Finish(bool[]? truncated)
    {
        var scored = new ScoredRecord[records.Count];
        for (var i = 0; i < scored.Length; i++)
        {
            scored[i] = errors[i] is { } error
                ? new(records[i], null, error)
                : new(records[i], new(probabilities[i], probabilities[i].Length / labels, truncated?[i] ?? false) { Logits = logits?[i] }, null);
        }

        return scored;
    }

    // A word that gives no token (empty, or control characters only) is outside of any entity: the model never saw it.
    private float[] OutsideRow()
    {
        var row = new float[labels];
        var outside = card.Labels.ToList().IndexOf("O");
        if (outside >= 0)
        {
            row[outside] = 1;
        }
        else
        {
            Array.Fill(row, 1f / labels);
        }

        return row;
    }
}
