using System.Diagnostics;
using AiAssignments.Core.Datasets;
using AiAssignments.Core.Storage;
using AiAssignments.Core.Telemetry;
using AiAssignments.Core.Telemetry.Memory;
using AiAssignments.Core.Workflows;
using AiAssignments.Evaluation.Datasets;
using AiAssignments.Evaluation.Metrics.Shards;
using AiAssignments.Evaluation.Reports;
using AiAssignments.Evaluation.Results;
using AiAssignments.Inference.Images;
using AiAssignments.Inference.Scoring;
using AiAssignments.Pipeline.Datasets;
using AiAssignments.Pipeline.Models;

namespace AiAssignments.Pipeline.Evaluations;

/// <summary>Reads a shard's byte range, scores its records, and writes two blobs named after the shard: its rows and its figures.</summary>
/// <param name="blobs">Where plan and results lie.</param>
/// <param name="datasets">The datasets.</param>
/// <param name="scorers">The loaded models.</param>
/// <param name="progress">Told the records scored.</param>
/// <param name="time">The clock.</param>
public sealed class ScoreShardActivity(IBlobStore blobs, Ingestion datasets, ScorerPool scorers, ShardProgress progress, TimeProvider time)
    : IActivity<ScoreShardInput, ScoredShard>
{
    // Records are scored together up to this many bytes, so that a shard of large images does not fill the memory. Found from content, so it is the same in every run.
    private const long BytesTogether = 64L << 20;

    /// <inheritdoc />
    public async Task<ScoredShard> RunAsync(ScoreShardInput input, CancellationToken cancellationToken)
    {
        var plan = await blobs.ReadAsync<EvaluationPlan>(EvaluationPaths.Plan(input.EvaluationId), cancellationToken).ConfigureAwait(false);
        using var lease = await scorers.RentAsync(plan.Model, cancellationToken).ConfigureAwait(false);
        using var memory = MemoryProfiler.Process.Join(plan.Request.ProfileMemory, "ScoreShard");
        var run = new Run(plan, lease.Scorer, progress.Of(plan), time.GetTimestamp(), GC.GetTotalAllocatedBytes());
        var source = await datasets.OpenAsync(plan.Dataset, cancellationToken).ConfigureAwait(false);
        var format = DatasetFormats.ByName(plan.Description.Format);
        var shard = plan.Shards.Shards[input.Shard];

        // The rows are written while they are made; the summary comes last, and both are whole or not there at all.
        await blobs.WriteAsync(
            EvaluationPaths.Rows(input.EvaluationId, input.Shard),
            async (stream, token) =>
            {
                await foreach (var batch in format.ReadAsync(source, plan.Description, shard, token).ConfigureAwait(false))
                {
                    run.Refuse(batch.Errors);
                    foreach (var record in batch.Records)
                    {
                        if (run.Take(record) >= BytesTogether)
                        {
                            await PredictionRowFile.WriteAsync(await run.ScoreAsync(token).ConfigureAwait(false), stream, token).ConfigureAwait(false);
                        }
                    }
                }

                await PredictionRowFile.WriteAsync(await run.ScoreAsync(token).ConfigureAwait(false), stream, token).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);

        var aggregate = run.Aggregate;
        var counts = aggregate.Counts;
        aggregate.AddRun(
            new ThroughputPoint(time.GetUtcNow(), input.Shard, counts.Scored + counts.Unlabelled, time.GetElapsedTime(run.StartedAt).TotalSeconds),
            GC.GetTotalAllocatedBytes() - run.AllocatedBefore,
            Process.GetCurrentProcess().PeakWorkingSet64);
        if (memory is not null)
        {
            aggregate.AddMemory(memory.Read());
        }

        await blobs.WriteAsync(
            EvaluationPaths.Summary(input.EvaluationId, input.Shard),
            (stream, token) => stream.WriteAsync(aggregate.ToSummary().ToJson(), token).AsTask(),
            cancellationToken).ConfigureAwait(false);
        var model = new KeyValuePair<string, object?>("model", plan.Model.Card.Name);
        Instruments.RecordsScored.Add(counts.Scored + counts.Unlabelled, model);
        Instruments.ShardDuration.Record(time.GetElapsedTime(run.StartedAt).TotalSeconds, model);
        Activity.Current?.SetTag("shard", input.Shard).SetTag("records", counts.Scored + counts.Unlabelled).SetTag("bad", counts.Bad);
        return new ScoredShard(counts.Scored, counts.Bad);
    }

    /// <summary>About how many bytes a record and its scores take: a word has a string, a tag and a probability for each label, however short it is.</summary>
    internal static long SizeOf(DatasetRecord record, int labels) => record switch
    {
        ImageRecord image => image.Content.Length,
        TextRecord text => 2L * (text.Text.Length + (text.Pair?.Length ?? 0)),
        WordsRecord words => words.Words.Sum(word => (2L * word.Length) + 32 + (4L * labels)),
        _ => 0,
    };

    /// <summary>What one run of the activity gathers.</summary>
    private sealed class Run(EvaluationPlan plan, IScorer scorer, ShardProgress.Job job, long startedAt, long allocatedBefore)
    {
        private readonly RowBuilder rows = new(plan.Model.Card, plan.Labels);
        private readonly List<DatasetRecord> waiting = [];
        private readonly TagList tags = new() { { "model", plan.Model.Card.Name }, { "version", plan.Model.Card.Version } };
        private long waitingBytes;

        public long StartedAt => startedAt;

        public long AllocatedBefore => allocatedBefore;

        public EvaluationAggregate Aggregate { get; } =
            new(new EvaluationShape(plan.Model.Card.Task, plan.Model.Card.Labels, plan.Description.SliceColumns, plan.Request.Options));

        public void Refuse(IReadOnlyList<RecordError> errors)
        {
            foreach (var error in errors)
            {
                Aggregate.AddBad(error);
            }

            job.Advance(errors.Count);
        }

        /// <summary>Takes a record to be scored, unless its labels are none of the model's; gives the bytes that wait.</summary>
        public long Take(DatasetRecord record)
        {
            if (rows.Refusal(record) is { } refusal)
            {
                Refuse([refusal]);
                return waitingBytes;
            }

            waiting.Add(record);
            return waitingBytes += SizeOf(record, plan.Model.Card.Labels.Count);
        }

        public async Task<IReadOnlyList<PredictionRow>> ScoreAsync(CancellationToken cancellationToken)
        {
            var scored = await scorer.ScoreAsync(waiting, OnBatch, cancellationToken).ConfigureAwait(false);
            var kept = new List<PredictionRow>(scored.Count);
            foreach (var one in scored)
            {
                if (one.Prediction is not { } prediction)
                {
                    Aggregate.AddBad(one.Error!);
                    continue;
                }

                var row = rows.Row(one.Record, prediction);
                if (Aggregate.Add(one.Record.Position, row, prediction.Truncated, () => one.Record is ImageRecord image ? Thumbnail.Of(image) : null) is null)
                {
                    kept.Add(row);
                }
            }

            waiting.Clear();
            waitingBytes = 0;
            return kept;
        }

        private void OnBatch(int count, TimeSpan latency)
        {
            Aggregate.RecordBatch(count, latency);
            Instruments.InferenceDuration.Record(latency.TotalSeconds, tags);
            job.Advance(count);
        }
    }
}
