using System.Diagnostics;
using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Telemetry;
using AiAssignments.Evaluation.Datasets;
using AiAssignments.Evaluation.Datasets.Labels;
using AiAssignments.Pipeline.Datasets;
using AiAssignments.Pipeline.Evaluations;
using AiAssignments.Pipeline.Models;

namespace AiAssignments.Pipeline.Drops;

/// <summary>A dataset arrives: take it in, and start one evaluation per active model of its task whose labels match.</summary>
/// <param name="datasets">The datasets.</param>
/// <param name="models">The models.</param>
/// <param name="evaluations">The evaluations.</param>
public sealed class DatasetDrop(Ingestion datasets, ModelRegistry models, EvaluationDesk evaluations)
{
    private const int RecordsLookedAt = 4000;

    /// <summary>Takes a file or folder in and starts its evaluations. What was evaluated before is not started again.</summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="cancellationToken">Stops it; what was started goes on.</param>
    /// <exception cref="ProblemException">The dataset is refused.</exception>
    public Task<DropOutcome> AcceptAsync(string path, CancellationToken cancellationToken) =>
        AcceptAsync(() => datasets.RegisterAsync(path, DatasetOptions.Default, cancellationToken), cancellationToken);

    /// <summary>Takes bytes from anywhere in and starts the evaluations: as <see cref="AcceptAsync(string, CancellationToken)"/> does with a file.</summary>
    /// <param name="source">The bytes as dropped.</param>
    /// <param name="cancellationToken">Stops it; what was started goes on.</param>
    /// <exception cref="ProblemException">The dataset is refused.</exception>
    public Task<DropOutcome> AcceptAsync(IDataSource source, CancellationToken cancellationToken) =>
        AcceptAsync(() => datasets.RegisterAsync(source, DatasetOptions.Default, cancellationToken), cancellationToken);

    /// <summary>Starts the evaluations of a registered dataset.</summary>
    /// <param name="dataset">The dataset.</param>
    /// <param name="cancellationToken">Stops it; what was started goes on.</param>
    public async Task<DropOutcome> EvaluateAsync(Dataset dataset, CancellationToken cancellationToken)
    {
        var source = await datasets.OpenAsync(dataset, cancellationToken).ConfigureAwait(false);

        // The dataset may be known from a command that said more about it; a drop says nothing.
        var (format, description) = await DatasetFormats.DetectAsync(source, DatasetOptions.Default, cancellationToken).ConfigureAwait(false);
        var started = new List<string>();
        var skipped = new List<SkippedModel>();
        var stopped = 0;
        LabelCounts? seen = null;
        foreach (var model in await models.ActiveAsync(description.Task, cancellationToken).ConfigureAwait(false))
        {
            seen ??= await LookAsync(format, source, description, cancellationToken).ConfigureAwait(false);
            try
            {
                LabelDecision.Decide(model.Card, seen, description, map: null);
            }
            catch (ProblemException unfit)
            {
                skipped.Add(new SkippedModel(model.Reference, unfit.Problem));
                continue;
            }

            if (await evaluations.DropAsync(model, dataset, cancellationToken).ConfigureAwait(false) is { } id)
            {
                started.Add(id);
            }
            else
            {
                stopped++;
            }
        }

        return new DropOutcome(dataset, description.Task, started, skipped, stopped);
    }

    private async Task<DropOutcome> AcceptAsync(Func<Task<Dataset>> register, CancellationToken cancellationToken)
    {
        using var span = Instruments.Source.StartActivity("drop", ActivityKind.Consumer);
        try
        {
            var dataset = await register().ConfigureAwait(false);
            var outcome = await EvaluateAsync(dataset, cancellationToken).ConfigureAwait(false);
            span?.SetTag("dataset", dataset.Id).SetTag("evaluations", outcome.Evaluations.Count);
            return outcome;
        }
        catch (ProblemException refused)
        {
            span?.SetStatus(ActivityStatusCode.Error, refused.Problem.Code);
            throw;
        }
    }

    private static async Task<LabelCounts> LookAsync(IDatasetFormat format, IDataSource source, DatasetDescription description, CancellationToken cancellationToken)
    {
        var plan = await format.PlanAsync(source, description, RecordsLookedAt, null, cancellationToken).ConfigureAwait(false);
        return await LabelDecision.LookAsync(format, source, description, plan, cancellationToken).ConfigureAwait(false);
    }
}
