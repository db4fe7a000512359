using AiAssignments.Core.Errors;
using AiAssignments.Core.Jobs;
using AiAssignments.Core.Models;
using AiAssignments.Core.Storage;
using AiAssignments.Core.Telemetry.Memory;
using AiAssignments.Core.Workflows;
using AiAssignments.Evaluation.Datasets;
using AiAssignments.Pipeline.Datasets;
using AiAssignments.Pipeline.Models;

namespace AiAssignments.Pipeline.Evaluations;

/// <summary>One pass over the dataset: recognize, find record boundaries, match labels, write the plan.</summary>
/// <param name="blobs">Where the plan goes.</param>
/// <param name="models">The models.</param>
/// <param name="datasets">The datasets.</param>
/// <param name="progress">Told the bytes passed.</param>
/// <param name="shardProgress">Begins anew.</param>
public sealed class PlanEvaluationActivity(IBlobStore blobs, ModelRegistry models, Ingestion datasets, IProgressPublisher progress, ShardProgress shardProgress)
    : IActivity<PlanEvaluationInput, PlannedEvaluation>
{
    /// <inheritdoc />
    public async Task<PlannedEvaluation> RunAsync(PlanEvaluationInput input, CancellationToken cancellationToken)
    {
        var request = input.Request;
        using var memory = MemoryProfiler.Process.Join(request.ProfileMemory, "PlanEvaluation");
        var model = await models.GetAsync(request.Model, cancellationToken).ConfigureAwait(false);
        var dataset = await datasets.GetAsync(request.DatasetId, cancellationToken).ConfigureAwait(false);
        var source = await datasets.OpenAsync(dataset, cancellationToken).ConfigureAwait(false);
        var options = request.Options.Dataset with { Task = request.Options.Dataset.Task ?? model.Card.Task };
        var (format, description) = await DatasetFormats.DetectAsync(source, options, cancellationToken).ConfigureAwait(false);
        if (description.Task != model.Card.Task)
        {
            throw new ProblemException(
                "task-mismatch",
                $"The dataset is for {description.Task.Name()} and the model for {model.Card.Task.Name()}.",
                dataset.Name);
        }

        shardProgress.Forget(request.EvaluationId);
        var title = $"{model.Reference} on {dataset.Name}";
        var bytes = new PlanProgress(progress, request.EvaluationId, title, source.Length);
        var shards = await format.PlanAsync(source, description, request.Options.ShardRecords, bytes, cancellationToken).ConfigureAwait(false);
        var labels = await LabelDecision.DecideAsync(model.Card, format, source, description, shards, options.LabelMap, cancellationToken).ConfigureAwait(false);
        var plan = new EvaluationPlan
        {
            Request = request,
            Model = model,
            Dataset = dataset,
            Description = description,
            Shards = shards,
            Labels = labels,
            StartedAt = input.StartedAt,
            Memory = memory?.Read(),
        };
        await blobs.WriteAsync(EvaluationPaths.Plan(request.EvaluationId), plan, cancellationToken).ConfigureAwait(false);
        return new PlannedEvaluation(shards.Shards.Count, shards.RecordCount);
    }

    private sealed class PlanProgress(IProgressPublisher publisher, string id, string title, long total) : IProgress<long>
    {
        public void Report(long value) => publisher.Publish(new JobProgress(id, title, "planning", value, total));
    }
}
