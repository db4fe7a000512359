using AiAssignments.Core.Datasets;
using AiAssignments.Inference.Models;
using AiAssignments.Inference.Tokenization;
using DataType = AiAssignments.Onnx.TensorProto.Types.DataType;

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
        var longest = Math.Min(package.Card.Tokenizer!.MaxLength, package.Binding.FixedLength ?? int.MaxValue);
        encoder = new(package.Card, tokenizer, longest / tokenizer.IdsPerPosition * tokenizer.IdsPerPosition);
    }

    public async Task<ScoredRecord[]> ScoreAsync(IReadOnlyList<DatasetRecord> records, Action<int, TimeSpan>? onBatch, CancellationToken cancellationToken)
    {
        var (items, truncated) = encoder.Encode(records, cancellationToken);
        var sink = new PredictionSink(package.Card, records);
        var binding = package.Binding;
        var lengths = items.ConvertAll(item => binding.FixedLength ?? item.Ids.Length);
        var batches = binding.FixedBatch is { } rows
            ? BatchPlanner.Plan(lengths, int.MaxValue, rows)
            : BatchPlanner.Plan(lengths, options.TokensPerBatch, options.RowsPerBatch);
        await runner.ShareOutAsync(
            batches.Count,
            async ordinal =>
            {
                var batch = batches[ordinal];
                var positions = SequenceInputs.Width(items, batch, binding, tokenizer.IdsPerPosition) / tokenizer.IdsPerPosition;
                void Read(ReadOnlySpan<float> logits) => sink.Take(logits, items, batch, positions);
                var elapsed = binding.IntegerType == DataType.Int32
                    ? await SequenceInputs.RunAsync<int>(runner, binding, items, batch, tokenizer.PadId, tokenizer.IdsPerPosition, Read, cancellationToken).ConfigureAwait(false)
                    : await SequenceInputs.RunAsync<long>(runner, binding, items, batch, tokenizer.PadId, tokenizer.IdsPerPosition, Read, cancellationToken).ConfigureAwait(false);
                onBatch?.Invoke(batch.Count, elapsed);
            },
            cancellationToken).ConfigureAwait(false);
        return sink.Finish(truncated);
    }
}
