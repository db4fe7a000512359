using AiAssignments.Inference.Models;
using AiAssignments.Inference.Scoring;
using AiAssignments.Inference.Serving.Batching;
using AiAssignments.Inference.Tokenization;

namespace AiAssignments.Inference.Serving.Graphs;

/// <summary>Runs texts and windows of sentences.</summary>
internal sealed class SequenceRunner(GraphSession graph, ModelPackage package, ITokenizer tokenizer) : IWarmable
{
    // Longer texts are rare, and one run of that length is all that warming them would save.
    private const int LongestWarmed = 2048;

    /// <inheritdoc />
    public IEnumerable<int> Lengths
    {
        get
        {
            var width = tokenizer.IdsPerPosition;
            var longest = Math.Min(package.Card.Tokenizer!.MaxLength, LongestWarmed) / width * width;
            if (package.Binding.FixedLength is { } only)
            {
                return [only];
            }

            // Powers of two: shapes between them find memory of the next one.
            return Enumerable.Range(3, 8).Select(power => (1 << power) / width * width).Where(length => length > 0 && length < longest).Append(Math.Max(width, longest)).Distinct();
        }
    }

    /// <inheritdoc />
    public TimeSpan Run(List<QueuedRow> rows)
    {
        var items = new SequenceItem[rows.Count];
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = ((SequenceRow)rows[i]).Item;
        }

        var positions = SequenceInputs.Width(items, package.Binding, tokenizer.IdsPerPosition) / tokenizer.IdsPerPosition;
        var labels = package.Card.Labels.Count;
        return SequenceInputs.Run(graph, items, tokenizer.PadId, tokenizer.IdsPerPosition, logits =>
        {
            for (var i = 0; i < items.Length; i++)
            {
                ((SequenceRow)rows[i]).Sink.Take(items[i], PredictionSink.RowOf(logits, i, items[i], positions, labels));
            }
        });
    }

    /// <inheritdoc />
    public void Fill(int rows, int length) =>
        SequenceInputs.Run(graph, Filler(rows, length), tokenizer.PadId, tokenizer.IdsPerPosition, static _ => { });

    /// <inheritdoc />
    public void Shrink() => SequenceInputs.Shrink(graph, Filler(1, Lengths.First()), tokenizer.PadId, tokenizer.IdsPerPosition);

    private SequenceItem[] Filler(int rows, int length)
    {
        var ids = new int[length];
        Array.Fill(ids, tokenizer.PadId);
        var items = new SequenceItem[rows];
        Array.Fill(items, new(0, ids, null, null));
        return items;
    }
}
