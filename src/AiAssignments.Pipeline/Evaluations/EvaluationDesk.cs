using System.Text.Json;
using System.Text.RegularExpressions;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Evaluations;
using AiAssignments.Core.Storage;
using AiAssignments.Core.Workflows;
using AiAssignments.Evaluation.Reports;
using AiAssignments.Pipeline.Comparisons;
using AiAssignments.Pipeline.Datasets;
using AiAssignments.Pipeline.Models;
using AiAssignments.Pipeline.Models.Quality;

namespace AiAssignments.Pipeline.Evaluations;

/// <summary>Where evaluations are asked for, watched, cancelled and deleted.</summary>
/// <param name="workflows">The engine.</param>
/// <param name="blobs">Where reports lie.</param>
/// <param name="documents">Where outcomes lie.</param>
/// <param name="quality">Forgets what a deleted evaluation said of its model.</param>
/// <param name="time">The clock.</param>
/// <param name="width">Most shards of one evaluation under way at once; 1 or more.</param>
/// <param name="profileMemory">Whether the memory of every evaluation's activities is measured.</param>
public sealed partial class EvaluationDesk(IWorkflowClient workflows, IBlobStore blobs, IDocumentStore documents, QualityLedger quality, TimeProvider time, int width, bool profileMemory = false) : IDisposable
{
    /// <summary>Folder of the blobs that evaluations under way keep.</summary>
    public const string WorkFolder = EvaluationPaths.WorkRoot;

    // A deletion and a start of the same id must not interleave: the one would take the other's blobs away.
    private readonly SemaphoreSlim gate = new(1, 1);

    /// <summary>The width for one model, where that is another; at most the one for all. Default: the same for all.</summary>
    public Func<ModelVersion, int>? WidthOf { get; init; }

    /// <summary>Asks for an evaluation. Asking twice is one evaluation; asking for a failed or cancelled one resumes it.</summary>
    /// <param name="model">The model version.</param>
    /// <param name="dataset">The dataset.</param>
    /// <param name="options">What decides the numbers.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The evaluation's id, and whether it was started (or resumed) by this call.</returns>
    /// <exception cref="ProblemException"><c>option-out-of-range</c>.</exception>
    public Task<(string Id, bool Started)> StartAsync(ModelVersion model, Dataset dataset, EvaluationOptions options, CancellationToken cancellationToken) =>
        StartAsync(model, dataset, options, profileMemory, cancellationToken);

    /// <summary>As <see cref="StartAsync(ModelVersion, Dataset, EvaluationOptions, CancellationToken)"/>, and says whether memory is measured. One that was started before stays as it was asked for.</summary>
    /// <param name="model">The model version.</param>
    /// <param name="dataset">The dataset.</param>
    /// <param name="options">What decides the numbers.</param>
    /// <param name="profile">Whether the memory of its activities is measured.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The evaluation's id, and whether it was started (or resumed) by this call.</returns>
    /// <exception cref="ProblemException"><c>option-out-of-range</c>.</exception>
    public async Task<(string Id, bool Started)> StartAsync(ModelVersion model, Dataset dataset, EvaluationOptions options, bool profile, CancellationToken cancellationToken)
    {
        EvaluationOptionsCheck.Check(options);
        var id = EvaluationId.Of(model.ContentHash, dataset.ContentHash, options);
        using (await HoldAsync(cancellationToken).ConfigureAwait(false))
        {
            await documents.DeleteAsync(Containers.Deleted, Containers.Partition, id, cancellationToken).ConfigureAwait(false);
            return (id, await StartAsync(id, model, dataset, options, profile || profileMemory, cancellationToken).ConfigureAwait(false));
        }
    }

    /// <summary>Asks for the evaluation of a dropped dataset: as <see cref="StartAsync(ModelVersion, Dataset, EvaluationOptions, CancellationToken)"/>, but what a user cancelled or deleted is left so.</summary>
    /// <param name="model">The model version.</param>
    /// <param name="dataset">The dataset.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The evaluation's id; <c>null</c> when it was cancelled or deleted before.</returns>
    public async Task<string?> DropAsync(ModelVersion model, Dataset dataset, CancellationToken cancellationToken)
    {
        var options = EvaluationOptions.Default;
        var id = EvaluationId.Of(model.ContentHash, dataset.ContentHash, options);
        using (await HoldAsync(cancellationToken).ConfigureAwait(false))
        {
            var deleted = await documents.FindAsync<DateTimeOffset>(Containers.Deleted, Containers.Partition, id, cancellationToken).ConfigureAwait(false);
            var known = await workflows.FindAsync(id, cancellationToken).ConfigureAwait(false);
            if (deleted is not null || known is { Status: WorkflowStatus.Cancelled })
            {
                return null;
            }

            await StartAsync(id, model, dataset, options, profileMemory, cancellationToken).ConfigureAwait(false);
            return id;
        }
    }

    /// <summary>All evaluations, newest first.</summary>
    /// <param name="cancellationToken">Stops the call.</param>
    public async Task<IReadOnlyList<EvaluationJob>> ListAsync(CancellationToken cancellationToken)
    {
        var jobs = new List<EvaluationJob>();
        await foreach (var state in workflows.ListAsync(cancellationToken).ConfigureAwait(false))
        {
            if (JobOf(state) is { } job)
            {
                jobs.Add(job);
            }
        }

        return jobs;
    }

    /// <summary>One evaluation by its id, or by a start of it that no other id has.</summary>
    /// <param name="id">The id, or at least its first 4 digits.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="ProblemException"><c>evaluation-ambiguous</c>.</exception>
    public async Task<EvaluationJob?> FindAsync(string id, CancellationToken cancellationToken)
    {
        if (await workflows.FindAsync(id, cancellationToken).ConfigureAwait(false) is { } state)
        {
            return JobOf(state);
        }

        var matches = id.Length < 4 ? [] : (await ListAsync(cancellationToken).ConfigureAwait(false)).Where(job => job.Id.StartsWith(id, StringComparison.Ordinal)).ToList();
        return matches.Count switch
        {
            0 => null,
            1 => matches[0],
            _ => throw new ProblemException("evaluation-ambiguous", $"'{id}' is the start of {matches.Count} evaluation ids; give more of it."),
        };
    }

    /// <summary>Waits until an evaluation has ended.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Stops the waiting, not the evaluation.</param>
    public async Task<EvaluationJob> WaitAsync(string id, CancellationToken cancellationToken) =>
        JobOf(await workflows.WaitAsync(id, cancellationToken).ConfigureAwait(false))
        ?? throw new ProblemException("evaluation-not-found", $"No evaluation has the id '{id}'.");

    /// <summary>Cancels an evaluation; what was scored is kept, and asking for it again goes on from there.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    public Task CancelAsync(string id, CancellationToken cancellationToken) => workflows.CancelAsync(id, cancellationToken);

    /// <summary>Deletes an evaluation in whatever state, with everything it wrote. Killed in between, the next start's <see cref="SweepAsync(CancellationToken)"/> finishes it.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>Whether there was one.</returns>
    public async Task<bool> DeleteAsync(string id, CancellationToken cancellationToken)
    {
        using (await HoldAsync(cancellationToken).ConfigureAwait(false))
        {
            var known = await workflows.FindAsync(id, cancellationToken).ConfigureAwait(false) is not null;
            if (known)
            {
                // Noted first, so that a restart that finds the dataset again does not bring it back.
                await documents.PutAsync(Containers.Deleted, Containers.Partition, id, time.GetUtcNow(), null, cancellationToken).ConfigureAwait(false);
            }

            // Then the workflow. What is left is found by the sweep; an activity that goes on after it finds the plan gone, and undoes what it has written.
            var purged = await workflows.PurgeAsync(id, cancellationToken).ConfigureAwait(false);
            await DeleteWrittenAsync(id, cancellationToken).ConfigureAwait(false);
            return known || purged;
        }
    }

    /// <summary>Deletes what an evaluation wrote whose workflow went with the one that had asked for it; nothing when it is there again.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    internal async Task ClearAsync(string id, CancellationToken cancellationToken)
    {
        using (await HoldAsync(cancellationToken).ConfigureAwait(false))
        {
            await DeleteWrittenAsync(id, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Removes work, outcomes and reports of evaluations that no longer exist: what a kill in the middle of a deletion leaves behind.</summary>
    /// <param name="cancellationToken">Stops the sweep.</param>
    public Task SweepAsync(CancellationToken cancellationToken) => SweepAsync(DateTimeOffset.MaxValue, cancellationToken);

    /// <summary>As <see cref="SweepAsync(CancellationToken)"/>, of blobs only those that were last written before a time: where others may keep theirs too.</summary>
    /// <param name="before">The time.</param>
    /// <param name="cancellationToken">Stops the sweep.</param>
    public async Task SweepAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        await foreach (var blob in blobs.ListAsync(EvaluationPaths.WorkRoot, cancellationToken).Where(blob => blob.LastModified < before).ConfigureAwait(false))
        {
            var id = blob.Path.Split('/')[1];
            if (await workflows.FindAsync(id, cancellationToken).ConfigureAwait(false) is null)
            {
                await blobs.DeleteAsync(blob.Path, cancellationToken).ConfigureAwait(false);
            }
        }

        var left = await documents.ListAsync<EvaluationOutcome>(Containers.Evaluations, new DocumentQuery { PageSize = 1000 }, cancellationToken)
            .Select(outcome => outcome.EvaluationId)
            .Where(async (id, token) => await workflows.FindAsync(id, token).ConfigureAwait(false) is null)
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        await documents.DeleteManyAsync(Containers.Evaluations, Containers.Partition, left, cancellationToken).ConfigureAwait(false);

        await foreach (var comparison in documents.ListAsync<ComparisonRecord>(Containers.Comparisons, new DocumentQuery { PageSize = 1000 }, cancellationToken).ConfigureAwait(false))
        {
            if (await workflows.FindAsync(comparison.A, cancellationToken).ConfigureAwait(false) is null || await workflows.FindAsync(comparison.B, cancellationToken).ConfigureAwait(false) is null)
            {
                await ComparisonFiles.DeleteAsync(blobs, documents, comparison, cancellationToken).ConfigureAwait(false);
            }
        }

        await SweepReportsAsync(null, before, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc />
    public void Dispose() => gate.Dispose();

    private Task<bool> StartAsync(string id, ModelVersion model, Dataset dataset, EvaluationOptions options, bool profile, CancellationToken cancellationToken) =>
        workflows.StartAsync<EvaluateDataset, EvaluationRequest, EvaluationOutcome>(
            id, new EvaluationRequest(id, model.Reference, dataset.Id, options, Math.Clamp(WidthOf?.Invoke(model) ?? width, 1, width), profile), cancellationToken);

    private async Task<Held> HoldAsync(CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        return new Held(gate);
    }

    // Only files that a report of ours has, in folders named as ours are: whatever else a person keeps there is theirs. Listed before the living are asked for.
    private async Task SweepReportsAsync(string? only, DateTimeOffset before, CancellationToken cancellationToken)
    {
        var files = await blobs.ListAsync(EvaluationPaths.ReportRoot, cancellationToken)
            .Where(blob => blob.LastModified < before && OurReport().IsMatch(blob.Path) && ReportFiles.All.Contains(blob.Path[(blob.Path.LastIndexOf('/') + 1)..]))
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        var living = (await ListAsync(cancellationToken).ConfigureAwait(false)).Select(job => job.Id[..8]).ToHashSet(StringComparer.Ordinal);
        foreach (var file in files.Where(file => file.Path.Split('/')[1][^8..] is var id && (only is null || id == only) && !living.Contains(id)))
        {
            await blobs.DeleteAsync(file.Path, cancellationToken).ConfigureAwait(false);
        }
    }

    // Killed between the two, the next start's rebuild of all qualities finishes it.
    private async Task DeleteOutcomeAsync(string id, CancellationToken cancellationToken)
    {
        var outcome = await documents.FindAsync<EvaluationOutcome>(Containers.Evaluations, Containers.Partition, id, cancellationToken).ConfigureAwait(false);
        await documents.DeleteAsync(Containers.Evaluations, Containers.Partition, id, cancellationToken).ConfigureAwait(false);
        if (outcome is not null)
        {
            await quality.RefreshAsync(outcome.Value.Model, cancellationToken).ConfigureAwait(false);
        }
    }

    // Nothing where the workflow is there again: another process may start it anew meanwhile, and what is there from then on is the new run's.
    private async Task DeleteWrittenAsync(string id, CancellationToken cancellationToken)
    {
        await foreach (var blob in blobs.ListAsync(EvaluationPaths.Work(id), cancellationToken).ConfigureAwait(false))
        {
            if (await workflows.FindAsync(id, cancellationToken).ConfigureAwait(false) is not null)
            {
                return;
            }

            await blobs.DeleteAsync(blob.Path, cancellationToken).ConfigureAwait(false);
        }

        if (await workflows.FindAsync(id, cancellationToken).ConfigureAwait(false) is null)
        {
            await DeleteOutcomeAsync(id, cancellationToken).ConfigureAwait(false);
            await ComparisonFiles.DeleteOfAsync(blobs, documents, id, cancellationToken).ConfigureAwait(false);
            await SweepReportsAsync(id[..Math.Min(8, id.Length)], DateTimeOffset.MaxValue, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>A workflow as an evaluation; <c>null</c> when it is none.</summary>
    /// <param name="state">Its state.</param>
    public static EvaluationJob? JobOf(WorkflowState state)
    {
        if (state.Workflow != nameof(EvaluateDataset) || state.Input is not { } input)
        {
            return null;
        }

        return new EvaluationJob(
            state.InstanceId,
            input.Deserialize<EvaluationRequest>(ReportJson.Options)!,
            state.Status,
            state.CreatedAt,
            state.UpdatedAt,
            state.CustomStatus?.Deserialize<EvaluationStatus>(ReportJson.Options),
            state.Output?.Deserialize<EvaluationOutcome>(ReportJson.Options),
            state.Problem);
    }

    [GeneratedRegex(@"^reports/[^/]+--[^/]+--[0-9a-f]{8}/[^/]+$", RegexOptions.CultureInvariant)]
    private static partial Regex OurReport();

    private sealed class Held(SemaphoreSlim gate) : IDisposable
    {
        public void Dispose() => gate.Release();
    }
}
