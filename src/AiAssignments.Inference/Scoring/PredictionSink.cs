using AiAssignments.Core.Datasets;
using AiAssignments.Core.Models;

namespace AiAssignments.Inference.Scoring;

/// <summary>Gathers the probabilities of a shard's records while batches come in by length.</summary>
internal sealed class PredictionSink
{
    private readonly ModelCard card;
    private readonly IReadOnlyList<DatasetRecord> records;
    private readonly float[][] probabilities;
    private readonly RecordError?[] errors;
    private readonly int labels;

    public PredictionSink(ModelCard card, IReadOnlyList<DatasetRecord> records)
    {
        (this.card, this.records, labels) = (card, records, card.Labels.Count);
        probabilities = new float[records.Count][];
        errors = new RecordError?[records.Count];
        var outside = OutsideRow();
        for (var i = 0; i < records.Count; i++)
        {
            if (records[i] is not WordsRecord sentence)
            {
                probabilities[i] = new float[labels];
                continue;
            }

            errors[i] = SentenceLimits.Refuse(sentence, labels);
            var rows = errors[i] is null ? sentence.Words.Count : 0;
            probabilities[i] = new float[checked(rows * labels)];
            for (var row = 0; row < rows; row++)
            {
                outside.CopyTo(probabilities[i].AsSpan(row * labels));
            }
        }
    }

    /// <summary>Takes a batch's logits.</summary>
    public void Take(ReadOnlySpan<float> logits, List<SequenceItem> items, ArraySegment<int> batch, int positions)
    {
        for (var row = 0; row < batch.Count; row++)
        {
            var item = items[batch[row]];
            if (item.Words is null)
            {
                Take(item.Record, 0, logits.Slice(row * labels, labels));
                continue;
            }

            foreach (var (word, position) in item.Words)
            {
                Take(item.Record, word, logits.Slice(((row * positions) + position) * labels, labels));
            }
        }
    }

    /// <summary>Takes one row of logits.</summary>
    public void Take(int record, int row, ReadOnlySpan<float> logits)
    {
        if (!Softmax.TryApply(logits, probabilities[record].AsSpan(row * labels, labels)))
        {
            Fail(record, new(records[record].Position, "logits-not-finite", "The model gave logits that are not finite (NaN or infinity) for this record."));
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
                : new(records[i], new(probabilities[i], probabilities[i].Length / labels, truncated?[i] ?? false), null);
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
