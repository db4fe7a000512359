using AiAssignments.Core.Datasets;
using AiAssignments.Core.Models;
using AiAssignments.Core.Telemetry.Memory;
using AiAssignments.Evaluation.Metrics.Classification;
using AiAssignments.Evaluation.Metrics.Entities;
using AiAssignments.Evaluation.Results;

namespace AiAssignments.Evaluation.Metrics.Shards;

/// <summary>
/// Gathers everything an evaluation's result needs. A shard fills one with its rows and keeps its <see cref="ToSummary"/>; an aggregation
/// fills one with summaries, in any order, and takes <see cref="ToResult"/>. The numbers are the same to the last bit whatever the shards
/// and their order; speed and memory are not. Only <see cref="RecordBatch"/> is safe for use from several threads.
/// </summary>
public sealed class EvaluationAggregate
{
    /// <summary>Bad records kept: 100, the first of the dataset.</summary>
    public const int BadRecordsKept = 100;

    private readonly EvaluationShape shape;
    private readonly Dictionary<string, int> labelIndex = new(StringComparer.Ordinal);
    private readonly TagScheme predictedScheme;
    private readonly ClassificationAccumulator? classification;
    private readonly EntityAccumulator? entities;
    private readonly SliceAccumulator slices;
    private readonly MistakeCollector mistakes;
    private readonly LatencyRecorder latency = new();
    private readonly List<ThroughputPoint> runs = [];
    private readonly List<MemoryProfile> memory = [];
    private readonly SortedDictionary<long, RecordError> badRecords = [];
    private long scored;
    private long bad;
    private long unlabelled;
    private long truncated;
    private long allocatedBytes;
    private long peakWorkingSetBytes;

    /// <summary>Starts empty.</summary>
    /// <param name="shape">What all shards have in common.</param>
    /// <exception cref="Core.Errors.ProblemException">The options or the number of labels cannot be used.</exception>
    public EvaluationAggregate(EvaluationShape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        this.shape = shape;
        predictedScheme = TagScheme.DetectLabels(shape.Labels);
        if (shape.Task == ModelTask.TokenClassification)
        {
            entities = new EntityAccumulator(predictedScheme, shape.Options);
        }
        else
        {
            classification = new ClassificationAccumulator(shape.Labels.Count, shape.Options);
        }

        foreach (var (index, label) in shape.Labels.Index())
        {
            labelIndex.TryAdd(label, index);
        }

        slices = new SliceAccumulator(shape.SliceColumns);
        mistakes = new MistakeCollector(shape.Options.MistakesKept);
    }

    /// <summary>What became of the records so far.</summary>
    public RecordCounts Counts => new(scored + bad + unlabelled, scored, bad, unlabelled, truncated);

    /// <summary>
    /// Adds a record's prediction. Without a label it is counted as unlabelled. A row that cannot be counted (a label the model does not
    /// have, probabilities that are none, tags that the mode cannot read) becomes a bad record.
    /// </summary>
    /// <param name="position">Where the record stands.</param>
    /// <param name="row">Its prediction.</param>
    /// <param name="cut">Whether the text was cut to the model's longest input.</param>
    /// <param name="thumbnail">Makes a PNG of a small image; called only for a mistake that is kept.</param>
    /// <returns>The error, when it was counted as a bad record.</returns>
    public RecordError? Add(RecordPosition position, PredictionRow row, bool cut = false, Func<byte[]?>? thumbnail = null)
    {
        ArgumentNullException.ThrowIfNull(row);
        var error = row.Truth is null && row.TrueTags is null ? Unlabelled()
            : classification is not null ? AddLabelled(position, row, thumbnail)
            : AddTagged(position, row, thumbnail);
        if (error is not null)
        {
            AddBad(error);
        }
        else
        {
            truncated += cut ? 1 : 0;
        }

        return error;
    }

    /// <summary>Counts a bad record, and keeps it when it is among the first.</summary>
    /// <param name="error">What is wrong.</param>
    public void AddBad(RecordError error)
    {
        ArgumentNullException.ThrowIfNull(error);
        bad++;
        Keep(error);
    }

    /// <summary>Records a batch's time, from any thread; fits the scorer's callback.</summary>
    /// <param name="rows">Its rows.</param>
    /// <param name="latencyOfBatch">Its run time.</param>
    public void RecordBatch(int rows, TimeSpan latencyOfBatch) => latency.Record(latencyOfBatch);

    /// <summary>Notes that a shard has ended.</summary>
    /// <param name="run">Its speed.</param>
    /// <param name="allocated">Managed bytes allocated.</param>
    /// <param name="peakWorkingSet">Peak working set of the process seen, bytes.</param>
    public void AddRun(ThroughputPoint run, long allocated, long peakWorkingSet)
    {
        ArgumentNullException.ThrowIfNull(run);
        runs.Add(run);
        allocatedBytes += allocated;
        peakWorkingSetBytes = Math.Max(peakWorkingSetBytes, peakWorkingSet);
    }

    /// <summary>Notes what a run did to the memory of its process.</summary>
    /// <param name="profile">What was measured.</param>
    public void AddMemory(MemoryProfile profile) => memory.Add(profile);

    /// <summary>Adds a shard's summary.</summary>
    /// <param name="summary">A summary made with the same shape.</param>
    /// <exception cref="Core.Errors.ProblemException"><c>shards-differ</c>: it was made with another.</exception>
    public void Merge(ShardSummary summary)
    {
        ArgumentNullException.ThrowIfNull(summary);
        if (classification is not null != summary.Classification is not null || entities is not null != summary.Entities is not null)
        {
            throw new Core.Errors.ProblemException("shards-differ", "Shards of different tasks cannot be merged.");
        }

        if (summary.Classification is not null)
        {
            classification!.Merge(ClassificationAccumulator.FromState(summary.Classification, shape.Options));
        }

        if (summary.Entities is not null)
        {
            entities!.Merge(EntityAccumulator.FromState(summary.Entities, predictedScheme, shape.Options));
        }

        slices.Merge(SliceAccumulator.FromState(summary.Slices, shape.SliceColumns));
        mistakes.AddAll(summary.Mistakes);
        latency.Add(summary.Latency);
        runs.AddRange(summary.Runs);
        scored += summary.Counts.Scored;
        bad += summary.Counts.Bad;
        unlabelled += summary.Counts.Unlabelled;
        truncated += summary.Counts.Truncated;
        allocatedBytes += summary.AllocatedBytes;
        peakWorkingSetBytes = Math.Max(peakWorkingSetBytes, summary.PeakWorkingSetBytes);
        if (summary.Memory is { } profile)
        {
            memory.Add(profile);
        }

        foreach (var error in summary.BadRecords)
        {
            Keep(error);
        }
    }

    /// <summary>All that was gathered, to be written to the shard's blob.</summary>
    public ShardSummary ToSummary() => new()
    {
        Counts = Counts,
        Classification = classification?.ToState(),
        Entities = entities?.ToState(),
        Slices = slices.ToState(),
        Mistakes = mistakes.Mistakes,
        BadRecords = [.. badRecords.Values],
        Latency = latency.ToState(),
        Runs = Ordered(),
        AllocatedBytes = allocatedBytes,
        PeakWorkingSetBytes = peakWorkingSetBytes,
        Memory = memory.Count == 0 ? null : MemoryProfile.Merge(memory[0].Subject, memory),
    };

    /// <summary>The result.</summary>
    /// <param name="facts">What it says beside its numbers.</param>
    public EvaluationResult ToResult(EvaluationFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        var timeline = Ordered();
        var seconds = timeline.Sum(run => run.Seconds);
        var busy = Busy(timeline);
        return new EvaluationResult
        {
            EvaluationId = facts.EvaluationId,
            Model = facts.Model,
            Dataset = facts.Dataset,
            Options = shape.Options,
            Machine = facts.Machine,
            StartedAt = facts.StartedAt,
            FinishedAt = facts.FinishedAt,
            Counts = Counts,
            Classification = classification?.Compute(shape.Labels, shape.Options),
            Entities = entities?.Compute(shape.Options),
            Slices = slices.Compute(shape.Options.Confidence),
            Mistakes = mistakes.Mistakes,
            BadRecords = [.. badRecords.Values],
            Performance = new PerformanceSummary(
                latency.Compute("batch"),
                busy > 0 ? timeline.Sum(run => run.Records) / busy : 0,
                seconds,
                peakWorkingSetBytes,
                allocatedBytes,
                timeline),
            Memory = memory.Count == 0 ? null : [MemoryProfile.Merge(memory[0].Subject, memory)],
            Notes = [.. classification?.Notes(shape.Labels) ?? [], .. entities?.Notes() ?? [], .. slices.Notes(), .. CountNotes()],
        };
    }

    private RecordError? Unlabelled()
    {
        unlabelled++;
        return null;
    }

    private RecordError? AddLabelled(RecordPosition position, PredictionRow row, Func<byte[]?>? thumbnail)
    {
        if (row.Truth is null || !labelIndex.TryGetValue(row.Truth, out var gold))
        {
            return new RecordError(position, "label-unknown", $"The label '{Excerpts.Cut(row.Truth ?? string.Empty, 100)}' is none of the model's {shape.Labels.Count} labels.");
        }

        if (classification!.Refusal(gold, row.Probabilities) is { } problem)
        {
            return new RecordError(position, problem.Code, problem.Message);
        }

        classification.Add(gold, row.Probabilities);
        scored++;
        var right = row.Truth == row.Predicted;
        slices.Add(row.Slices, row.Length, 1, right ? 1 : 0);
        if (!right && mistakes.Wants(row.Confidence, row.Record))
        {
            mistakes.Add(new Mistake(row.Record, row.Where, Excerpts.Cut(row.Input), row.Truth, row.Predicted, row.Confidence, thumbnail?.Invoke()));
        }

        return null;
    }

    private RecordError? AddTagged(RecordPosition position, PredictionRow row, Func<byte[]?>? thumbnail)
    {
        var (gold, predicted) = (row.TrueTags ?? [], row.PredictedTags ?? []);
        if (entities!.Refusal(gold, predicted) is { } problem)
        {
            return new RecordError(position, problem.Code, problem.Message);
        }

        var right = entities.AddSentence(gold, predicted);
        scored++;
        slices.Add(row.Slices, row.Length, gold.Count, right);
        if (right < gold.Count && mistakes.Wants(row.Confidence, row.Record))
        {
            var (truth, guess) = Excerpts.Differences(row.Words ?? [], gold, predicted);
            mistakes.Add(new Mistake(row.Record, row.Where, Excerpts.Cut(row.Input), truth, guess, row.Confidence, thumbnail?.Invoke()));
        }

        return null;
    }

    private void Keep(RecordError error)
    {
        badRecords[error.Position.Index] = error;
        if (badRecords.Count > BadRecordsKept)
        {
            badRecords.Remove(badRecords.Keys.Last());
        }
    }

    /// <summary>Seconds in which at least one shard was scored: shards that run side by side share the machine.</summary>
    private static double Busy(List<ThroughputPoint> timeline)
    {
        var busy = 0.0;
        var until = DateTimeOffset.MinValue;
        foreach (var run in timeline.OrderBy(run => run.At.AddSeconds(-run.Seconds)))
        {
            var from = run.At.AddSeconds(-run.Seconds);
            busy += Math.Max(0, (run.At - (from > until ? from : until)).TotalSeconds);
            until = run.At > until ? run.At : until;
        }

        return busy;
    }

    private List<ThroughputPoint> Ordered() => [.. runs.OrderBy(run => run.At).ThenBy(run => run.Shard)];

    private IEnumerable<string> CountNotes()
    {
        if (truncated > 0)
        {
            yield return FormattableString.Invariant($"{truncated:N0} of {scored + unlabelled:N0} texts were cut to the model's longest input.");
        }

        if (unlabelled > 0)
        {
            yield return FormattableString.Invariant($"{unlabelled:N0} records have no label: they are predicted, and not counted in the figures.");
        }

        if (bad > 0)
        {
            yield return FormattableString.Invariant($"{bad:N0} bad records are left out of all figures.");
        }
    }
}
