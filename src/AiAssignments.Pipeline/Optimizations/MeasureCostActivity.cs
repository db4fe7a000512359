using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Jobs;
using AiAssignments.Core.Workflows;
using AiAssignments.Evaluation.Results;
using AiAssignments.Inference.Models;
using AiAssignments.Pipeline.Datasets;
using AiAssignments.Pipeline.Models;
using AiAssignments.Pipeline.Optimizations.Cost;

namespace AiAssignments.Pipeline.Optimizations;

/// <summary>Measures what old and new version cost, in turn on the same records of the gate dataset.</summary>
/// <param name="models">The models.</param>
/// <param name="datasets">The datasets.</param>
/// <param name="files">Brings a version's files to this machine.</param>
/// <param name="progress">Told how far it is.</param>
/// <param name="time">The clock.</param>
/// <param name="scorers">Lets go of what nobody uses, so that what a model takes can be told.</param>
/// <param name="turn">How long a model runs before it is the other's turn; there are 12 of each. Default 0.75 s.</param>
public sealed class MeasureCostActivity(ModelRegistry models, Ingestion datasets, ModelFiles files, IProgressPublisher progress, TimeProvider time, ScorerPool scorers, TimeSpan? turn = null)
    : IActivity<MeasureCostInput, MeasuredCosts>
{
    /// <inheritdoc />
    public async Task<MeasuredCosts> RunAsync(MeasureCostInput input, CancellationToken cancellationToken)
    {
        var request = input.Request;
        var before = await OpenAsync(request.Model, cancellationToken).ConfigureAwait(false);
        var after = await OpenAsync(input.Candidate, cancellationToken).ConfigureAwait(false);
        var records = new List<DatasetRecord>();
        await foreach (var record in GateRecords.ReadAsync(datasets, request.GateDatasetId, request.Options.Dataset, before.Card.Task, CostMeasurement.Records, areLabelsOptional: false, cancellationToken).ConfigureAwait(false))
        {
            records.Add(record);
        }

        if (records.Count == 0)
        {
            throw new ProblemException("dataset-empty", "The gate dataset has no record to measure with.");
        }

        var measurement = new CostMeasurement(records, time, scorers.Trim, turn ?? CostMeasurement.UsualTurn);
        void Tell(int done, int total) => progress.Publish(new JobProgress(request.OptimizationId, request.Title, "measuring", done, total));
        var (left, right) = await measurement.CompareAsync(before, after, Tell, cancellationToken).ConfigureAwait(false);
        return new MeasuredCosts(left, right);
    }

    private async Task<ModelPackage> OpenAsync(string reference, CancellationToken cancellationToken)
    {
        var version = await models.GetAsync(reference, cancellationToken).ConfigureAwait(false);
        return ModelFolder.Open(await files.FolderOfAsync(version, cancellationToken).ConfigureAwait(false), null);
    }
}

/// <summary>Input of <see cref="MeasureCostActivity"/>.</summary>
/// <param name="Request">What was asked for.</param>
/// <param name="Candidate">The new version.</param>
public sealed record MeasureCostInput(OptimizationRequest Request, string Candidate);

/// <summary>What old and new cost.</summary>
/// <param name="Before">The old version.</param>
/// <param name="After">The new one.</param>
public sealed record MeasuredCosts(ModelCost Before, ModelCost After);
