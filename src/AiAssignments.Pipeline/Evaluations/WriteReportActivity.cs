using AiAssignments.Core.Errors;
using AiAssignments.Core.Jobs;
using AiAssignments.Core.Models;
using AiAssignments.Core.Storage;
using AiAssignments.Core.Telemetry.Memory;
using AiAssignments.Core.Workflows;
using AiAssignments.Evaluation.Metrics.Shards;
using AiAssignments.Evaluation.Reports;
using AiAssignments.Evaluation.Results;
using AiAssignments.Pipeline.Models.Quality;

namespace AiAssignments.Pipeline.Evaluations;

/// <summary>Merges the shards' figures, streams their rows into the predictions files, and writes the report in every format.</summary>
/// <param name="blobs">Where results lie and reports go.</param>
/// <param name="documents">Where the outcome goes.</param>
/// <param name="machine">Where the evaluation ran.</param>
/// <param name="progress">Told the stage.</param>
/// <param name="shards">Forgets the evaluation's sums.</param>
/// <param name="quality">Notes the model's quality.</param>
public sealed class WriteReportActivity(IBlobStore blobs, IDocumentStore documents, Func<MachineFacts> machine, IProgressPublisher progress, ShardProgress shards, QualityLedger quality)
    : IActivity<WriteReportInput, EvaluationOutcome>
{
    /// <inheritdoc />
    public async Task<EvaluationOutcome> RunAsync(WriteReportInput input, CancellationToken cancellationToken)
    {
        var plan = await blobs.ReadAsync<EvaluationPlan>(EvaluationPaths.Plan(input.EvaluationId), cancellationToken).ConfigureAwait(false);
        progress.Publish(new JobProgress(input.EvaluationId, plan.Title, "reporting", 0, 0));
        using var memory = MemoryProfiler.Process.Join(plan.Request.ProfileMemory, "WriteReport");
        var aggregate = await MergeAsync(plan, cancellationToken).ConfigureAwait(false);
        CheckErrors(plan, aggregate);
        var result = aggregate.ToResult(FactsOf(plan, input.FinishedAt));
        if (memory is not null)
        {
            // What is measured is in the report that is written next: merging and computing, not the writing.
            result = result with { Memory = [.. plan.Memory is { } planning ? [planning] : Array.Empty<MemoryProfile>(), .. result.Memory ?? [], memory.Read()] };
        }

        var folder = EvaluationPaths.Report(input.EvaluationId, plan.Model.Card.Name, plan.Dataset.Name);
        var columns = new PredictionColumns(plan.Model.Card.Task, plan.Model.Card.Labels, plan.Description.SliceColumns);
        await WriteAsync(ReportFiles.Rows, (stream, token) => CopyRowsAsync(plan, stream, token)).ConfigureAwait(false);
        await WriteAsync(ReportFiles.Csv, (stream, token) => PredictionCsvWriter.WriteAsync(RowsAsync(token), columns, stream, token)).ConfigureAwait(false);
        await WriteAsync(ReportFiles.Parquet, (stream, token) => PredictionParquetWriter.WriteAsync(RowsAsync(token), columns, stream, token)).ConfigureAwait(false);
        await WriteAsync(ReportFiles.Json, (stream, token) => JsonReport.WriteAsync(result, stream, token)).ConfigureAwait(false);
        await WriteAsync(ReportFiles.Markdown, (stream, token) => MarkdownReport.WriteAsync(result, stream, token)).ConfigureAwait(false);
        await WriteAsync(ReportFiles.Html, (stream, token) => HtmlReport.WriteAsync(result, stream, token)).ConfigureAwait(false);

        var outcome = OutcomeOf(result, folder, input.FinishedAt);
        await documents.PutAsync(Containers.Evaluations, Containers.Partition, input.EvaluationId, outcome, null, cancellationToken).ConfigureAwait(false);
        await quality.RefreshAsync(outcome.Model, cancellationToken).ConfigureAwait(false);
        shards.Forget(input.EvaluationId);
        await UndoIfDeletedAsync(outcome, cancellationToken).ConfigureAwait(false);
        return outcome;

        Task WriteAsync(string name, Func<Stream, CancellationToken, Task> write) => blobs.WriteAsync(folder + name, write, cancellationToken);

        async IAsyncEnumerable<PredictionRow> RowsAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken token)
        {
            var stream = await blobs.OpenReadAsync(folder + ReportFiles.Rows, 0, null, token).ConfigureAwait(false);
            await using (stream.ConfigureAwait(false))
            {
                await foreach (var row in PredictionRowFile.ReadAsync(stream, token).ConfigureAwait(false))
                {
                    yield return row;
                }
            }
        }
    }

    // An activity may go on after its workflow was purged. Who deletes an evaluation notes it, removes its plan and then what this has written: one of the two sees the other.
    // The note alone may be of an earlier run, and the plan alone is missed by a second run of this activity, which the engine may make, once the evaluation is complete.
    private async Task UndoIfDeletedAsync(EvaluationOutcome outcome, CancellationToken cancellationToken)
    {
        if (await blobs.FindAsync(EvaluationPaths.Plan(outcome.EvaluationId), cancellationToken).ConfigureAwait(false) is not null
            || await documents.FindAsync<DateTimeOffset>(Containers.Deleted, Containers.Partition, outcome.EvaluationId, cancellationToken).ConfigureAwait(false) is null)
        {
            return;
        }

        await documents.DeleteAsync(Containers.Evaluations, Containers.Partition, outcome.EvaluationId, cancellationToken).ConfigureAwait(false);
        await quality.RefreshAsync(outcome.Model, cancellationToken).ConfigureAwait(false);
        foreach (var name in ReportFiles.All)
        {
            await blobs.DeleteAsync(outcome.ReportFolder + name, cancellationToken).ConfigureAwait(false);
        }

        throw new ProblemException("evaluation-not-found", "The evaluation was deleted while its report was written.", outcome.EvaluationId);
    }

    private async Task<EvaluationAggregate> MergeAsync(EvaluationPlan plan, CancellationToken cancellationToken)
    {
        var aggregate = new EvaluationAggregate(new EvaluationShape(plan.Model.Card.Task, plan.Model.Card.Labels, plan.Description.SliceColumns, plan.Request.Options));
        foreach (var shard in plan.Shards.Shards)
        {
            var stream = await blobs.OpenReadAsync(EvaluationPaths.Summary(plan.Request.EvaluationId, shard.Index), 0, null, cancellationToken).ConfigureAwait(false);
            await using (stream.ConfigureAwait(false))
            {
                using var bytes = new MemoryStream();
                await stream.CopyToAsync(bytes, cancellationToken).ConfigureAwait(false);
                aggregate.Merge(ShardSummary.FromJson(bytes.GetBuffer().AsSpan(0, (int)bytes.Length)));
            }
        }

        return aggregate;
    }

    private async Task CopyRowsAsync(EvaluationPlan plan, Stream target, CancellationToken cancellationToken)
    {
        foreach (var shard in plan.Shards.Shards)
        {
            var stream = await blobs.OpenReadAsync(EvaluationPaths.Rows(plan.Request.EvaluationId, shard.Index), 0, null, cancellationToken).ConfigureAwait(false);
            await using (stream.ConfigureAwait(false))
            {
                await stream.CopyToAsync(target, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static void CheckErrors(EvaluationPlan plan, EvaluationAggregate aggregate)
    {
        var counts = aggregate.Counts;
        var threshold = plan.Request.Options.ErrorThreshold;
        if (counts.Total > 0 && counts.Bad > threshold * counts.Total)
        {
            var first = aggregate.ToSummary().BadRecords[0];
            throw new ProblemException(
                "too-many-bad-records",
                FormattableString.Invariant(
                    $"{counts.Bad} of {counts.Total} records are bad, more than the {threshold:P1} that is allowed (--error-threshold). The first: {first.Message} [{first.Code}]"),
                first.Position.ToString());
        }

        if (counts.Scored == 0)
        {
            throw new ProblemException("nothing-scored", $"None of the {counts.Total} records has a label that could be compared ({counts.Unlabelled} are without one).", plan.Dataset.Name);
        }
    }

    private EvaluationFacts FactsOf(EvaluationPlan plan, DateTimeOffset finishedAt)
    {
        var (card, model, dataset) = (plan.Model.Card, plan.Model, plan.Dataset);
        var format = plan.Description.Layout is { } layout ? $"{plan.Description.Format} ({layout})" : plan.Description.Format;
        return new EvaluationFacts(
            plan.Request.EvaluationId,
            new ModelFacts(card.Name, card.Version, card.Task.Name(), model.ContentHash, model.SizeBytes, model.Parameters, card.Description),
            new DatasetFacts(dataset.Name, dataset.ContentHash, dataset.SizeBytes, format, plan.Labels.Scheme),
            machine(),
            plan.StartedAt,
            finishedAt);
    }

    private static EvaluationOutcome OutcomeOf(EvaluationResult result, string folder, DateTimeOffset finishedAt)
    {
        var averages = result.Classification?.Averages ?? result.Entities!.Averages;
        var headline = result.Classification?.Accuracy ?? averages.Single(average => average.Average == "micro").F1;
        return new EvaluationOutcome(
            result.EvaluationId,
            $"{result.Model.Name}@{result.Model.Version}",
            result.Dataset.Name,
            result.Model.Task,
            result.Counts.Scored,
            result.Counts.Bad,
            result.Classification is null ? "entity F1" : "accuracy",
            headline,
            averages.Single(average => average.Average == "macro").F1,
            result.Performance.RecordsPerSecond,
            folder,
            finishedAt,
            result.Model.ContentHash);
    }
}
