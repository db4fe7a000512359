using System.Text.Json;
using System.Text.RegularExpressions;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Evaluations;
using AiAssignments.Core.Storage;
using AiAssignments.Core.Workflows;
using AiAssignments.Evaluation.Reports;
using AiAssignments.Pipeline.Datasets;
using AiAssignments.Pipeline.Evaluations;
using AiAssignments.Pipeline.Models;
using AiAssignments.Pipeline.Optimizations.Passes;

namespace AiAssignments.Pipeline.Optimizations;

/// <summary>Where optimizations are asked for, watched, cancelled and deleted.</summary>
/// <param name="workflows">The engine.</param>
/// <param name="blobs">Where reports lie.</param>
/// <param name="documents">Where outcomes lie.</param>
/// <param name="datasets">The datasets.</param>
/// <param name="evaluations">The evaluations, some of which optimizations ask for.</param>
/// <param name="folders">Where passes work.</param>
/// <param name="width">Most shards of one evaluation under way at once; 1 or more.</param>
public sealed partial class OptimizationDesk(
    IWorkflowClient workflows, IBlobStore blobs, IDocumentStore documents, Ingestion datasets, EvaluationDesk evaluations, PassFolders folders, int width)
{
    /// <summary>Asks for an optimization. Asking twice is one optimization; asking for a failed or cancelled one resumes it.</summary>
    /// <param name="model">The version to optimize.</param>
    /// <param name="gateDataset">The dataset that decides.</param>
    /// <param name="pass">What is done.</param>
    /// <param name="gate">What may be lost.</param>
    /// <param name="options">How both versions are evaluated; how other datasets of the pass are read, too.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>Its id, and whether it was started (or resumed) by this call.</returns>
    /// <exception cref="ProblemException">
    /// <c>option-out-of-range</c>, <c>option-invalid</c>; <c>dataset-not-found</c>: of the pass; <c>distill-gate-dataset</c>: the student would be judged on what it learned;
    /// <c>model-version-not-accepted</c>: the version was refused itself.
    /// </exception>
    public async Task<(string Id, bool Started)> StartAsync(
        ModelVersion model, Dataset gateDataset, PassSpec pass, GateOptions gate, EvaluationOptions options, CancellationToken cancellationToken)
    {
        // What lost too much is no measure for what is made of it.
        ModelRegistry.RequireServed(model);
        pass.Check(model.Card.Task);
        gate.Check();
        EvaluationOptionsCheck.Check(options);
        if (options.Confidence < 0.95)
        {
            throw new ProblemException("option-out-of-range", FormattableString.Invariant($"The confidence is {options.Confidence}; a gate decides on intervals of 0.95 or more."));
        }

        if (pass.OwnDatasetId is { } own)
        {
            await datasets.GetAsync(own, cancellationToken).ConfigureAwait(false);
            if (pass is DistillSpec && own == gateDataset.Id)
            {
                throw new ProblemException("distill-gate-dataset", "A student may not learn from the dataset that it is then judged on; give another one.", gateDataset.Name);
            }
        }

        var id = OptimizationId.Of(model.Reference, model.ContentHash, gateDataset.ContentHash, pass, gate, options);
        var request = new OptimizationRequest(id, model.Reference, model.ContentHash, gateDataset.Id, gateDataset.ContentHash, pass, gate, options, width);
        return (id, await workflows.StartAsync<OptimizeModel, OptimizationRequest, OptimizationOutcome>(id, request, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>All optimizations, newest first.</summary>
    /// <param name="cancellationToken">Stops the call.</param>
    public IAsyncEnumerable<OptimizationJob> ListAsync(CancellationToken cancellationToken) =>
        workflows.ListAsync(cancellationToken).Select(JobOf).Where(job => job is not null).Select(job => job!);

    /// <summary>One optimization; <c>null</c> when there is none of this id.</summary>
    /// <param name="id">The id. Hostile.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    public async Task<OptimizationJob?> FindAsync(string id, CancellationToken cancellationToken) =>
        await workflows.FindAsync(id, cancellationToken).ConfigureAwait(false) is { } state ? JobOf(state) : null;

    /// <summary>Waits until an optimization has ended.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Stops the waiting, not the optimization.</param>
    public async Task<OptimizationJob> WaitAsync(string id, CancellationToken cancellationToken) =>
        JobOf(await workflows.WaitAsync(id, cancellationToken).ConfigureAwait(false))
        ?? throw new ProblemException("optimization-not-found", $"No optimization has the id '{id}'.");

    /// <summary>Cancels an optimization; what was done is kept, and asking for it again goes on from there.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    public Task CancelAsync(string id, CancellationToken cancellationToken) => workflows.CancelAsync(id, cancellationToken);

    /// <summary>Deletes an optimization with its report and the evaluations that only it asked for. The versions it made stay. Killed in between, the next start's <see cref="SweepAsync(CancellationToken)"/> finishes it.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>Whether there was one.</returns>
    public async Task<bool> DeleteAsync(string id, CancellationToken cancellationToken)
    {
        if (await FindAsync(id, cancellationToken).ConfigureAwait(false) is null)
        {
            return false;
        }

        // Its sub-workflows go with it, but those that others asked for; whatever else belongs to them is the evaluations' to remove.
        await workflows.CancelAsync(id, cancellationToken).ConfigureAwait(false);
        var before = await EvaluationsAsync(cancellationToken).ConfigureAwait(false);
        await workflows.PurgeAsync(id, cancellationToken).ConfigureAwait(false);
        before.ExceptWith(await EvaluationsAsync(cancellationToken).ConfigureAwait(false));
        foreach (var evaluation in before)
        {
            await evaluations.ClearAsync(evaluation, cancellationToken).ConfigureAwait(false);
        }

        await documents.DeleteAsync(Containers.Optimizations, Containers.Partition, id, cancellationToken).ConfigureAwait(false);
        folders.Forget(id);
        await SweepReportsAsync(id[..Math.Min(8, id.Length)], DateTimeOffset.MaxValue, cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>Removes outcomes, reports and work of optimizations that no longer exist: what a kill in the middle leaves behind. Nothing may be running yet.</summary>
    /// <param name="cancellationToken">Stops the sweep.</param>
    public Task SweepAsync(CancellationToken cancellationToken) => SweepAsync(DateTimeOffset.MaxValue, cancellationToken);

    /// <summary>As <see cref="SweepAsync(CancellationToken)"/>, of blobs only those that were last written before a time: where others may keep theirs too.</summary>
    /// <param name="before">The time.</param>
    /// <param name="cancellationToken">Stops the sweep.</param>
    public async Task SweepAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        var left = await documents.ListAsync<OptimizationOutcome>(Containers.Optimizations, new DocumentQuery { PageSize = 1000 }, cancellationToken)
            .Select(outcome => outcome.OptimizationId)
            .Where(async (id, token) => await workflows.FindAsync(id, token).ConfigureAwait(false) is null)
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        await documents.DeleteManyAsync(Containers.Optimizations, Containers.Partition, left, cancellationToken).ConfigureAwait(false);
        var resumable = await ListAsync(cancellationToken).Where(job => job.Status != WorkflowStatus.Completed).Select(job => job.Id).ToHashSetAsync(null, cancellationToken).ConfigureAwait(false);
        folders.Sweep(resumable);
        await SweepReportsAsync(null, before, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A workflow's state as an optimization's; <c>null</c> for another workflow.</summary>
    /// <param name="state">The state.</param>
    public static OptimizationJob? JobOf(WorkflowState state) =>
        state.Workflow != nameof(OptimizeModel) || state.Input is not { } input
            ? null
            : new OptimizationJob(
                state.InstanceId,
                input.Deserialize<OptimizationRequest>(ReportJson.Options)!,
                state.Status,
                state.CreatedAt,
                state.UpdatedAt,
                state.CustomStatus?.Deserialize<OptimizationStatus>(ReportJson.Options),
                state.Output?.Deserialize<OptimizationOutcome>(ReportJson.Options),
                state.Problem);

    private async Task<HashSet<string>> EvaluationsAsync(CancellationToken cancellationToken) =>
        (await evaluations.ListAsync(cancellationToken).ConfigureAwait(false)).Select(job => job.Id).ToHashSet(StringComparer.Ordinal);

    // Only files that a report of ours has, in folders named as ours are.
    private async Task SweepReportsAsync(string? only, DateTimeOffset before, CancellationToken cancellationToken)
    {
        var files = await blobs.ListAsync(OptimizationPaths.Root, cancellationToken).Where(blob => blob.LastModified < before && OurReport().IsMatch(blob.Path)).ToListAsync(cancellationToken).ConfigureAwait(false);
        var living = await ListAsync(cancellationToken).Select(job => job.Id[..8]).ToHashSetAsync(null, cancellationToken).ConfigureAwait(false);
        foreach (var file in files.Where(file => file.Path.Split('/')[1][^8..] is var id && (only is null || id == only) && !living.Contains(id)))
        {
            await blobs.DeleteAsync(file.Path, cancellationToken).ConfigureAwait(false);
        }
    }

    [GeneratedRegex(@"^optimizations/[^/]+--[0-9a-f]{8}/optimization\.(html|md|json)$", RegexOptions.CultureInvariant)]
    private static partial Regex OurReport();
}
