using AiAssignments.Core.Datasets;
using AiAssignments.Inference.Models;
using AiAssignments.Inference.Tokenization;

namespace AiAssignments.Inference.Scoring;

/// <summary>Scores texts and sentences.</summary>
internal sealed class SequenceScoring
{
    private readonly GraphRunner runner;
    private readonly ModelPackage package;
    private readonly ITokenizer tokenizer;
    private readonly ScorerOptions options;
    private readonly RecordEncoder encoder;

    public SequenceScoring(GraphRunner runner, ModelPackage package, ITokenizer tokenizer, ScorerOptions options)
    {
        (this.runner, this.package, this.tokenizer, this.options) = (runner, package, tokenizer, options);
        encoder = RecordEncoder.Of(package, tokenizer);
    }

    public async Task<ScoredRecord[]> ScoreAsync(IReadOnlyList<DatasetRecord> records, Action<int, TimeSpan>? onBatch, CancellationToken cancellationToken)
    {
        var (items, truncated) = encoder.Encode(records, cancellationToken);
        var sink = new PredictionSink(package.Card, records, options.KeepLogits);
        var binding = package.Binding;
        var lengths = items.ConvertAll(item => binding.FixedLength ?? item.Ids.Length);
        var batches = binding.FixedBatch is { } fixedRows
            ? BatchPlanner.Plan(lengths, int.MaxValue, fixedRows)
            : BatchPlanner.Plan(lengths, options.TokensPerBatch, options.RowsPerBatch);
        await runner.ShareOutAsync(
            batches.Count,
            async ordinal =>
            {
                var batch = batches[ordinal];
                var rows = batch.Select(item => items[item]).ToArray();
                var positions = SequenceInputs.Width(rows, binding, tokenizer.IdsPerPosition) / tokenizer.IdsPerPosition;
                var elapsed = await runner.RunAsync(
                    graph => SequenceInputs.Run(graph, rows, tokenizer.PadId, tokenizer.IdsPerPosition, logits => sink.Take(logits, rows, positions)),
                    cancellationToken).ConfigureAwait(false);
                onBatch?.Invoke(batch.Count, elapsed);
            },
            cancellationToken).ConfigureAwait(false);
        return sink.Finish(truncated);
    }
}
