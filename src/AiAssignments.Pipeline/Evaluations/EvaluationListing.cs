using System.Runtime.CompilerServices;
using AiAssignments.Core.Models;
using AiAssignments.Core.Workflows;
using AiAssignments.Pipeline.Gateway;
using AiAssignments.Pipeline.Models;

namespace AiAssignments.Pipeline.Evaluations;

/// <summary>Lists evaluations page by page. Nothing more than a page is held; by age, nothing more than needed is read.</summary>
/// <param name="workflows">The engine.</param>
/// <param name="models">Says which models are of a task, for evaluations that have not ended.</param>
public sealed class EvaluationListing(IWorkflowClient workflows, ModelRegistry models)
{
    private const string ByAge = "createdAt";

    /// <summary>Names that a list may be sorted by.</summary>
    public static IReadOnlyList<string> Sorts { get; } = [ByAge, "updatedAt", "model", "status", "headline", "records"];

    /// <summary>A page.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="request">Which page; its sort is one of <see cref="Sorts"/>.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    public async Task<Page<EvaluationJob>> PageAsync(EvaluationFilter filter, PageRequest request, CancellationToken cancellationToken)
    {
        var references = filter.Task is { } task ? await OfTaskAsync(task, cancellationToken).ConfigureAwait(false) : null;
        var fingerprint = KeysetCursor.Fingerprint("evaluations", request.Sort, request.Descending, filter.Status, filter.Model, filter.DatasetId, filter.Task);
        return await KeysetListing.TakeAsync(
            MatchingAsync(filter, references, cancellationToken),
            job => KeyOf(job, request.Sort),
            sorted: request is { Sort: ByAge, Descending: true },
            request,
            fingerprint,
            cancellationToken).ConfigureAwait(false);
    }

    private async IAsyncEnumerable<EvaluationJob> MatchingAsync(EvaluationFilter filter, HashSet<string>? references, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var state in workflows.ListAsync(cancellationToken).ConfigureAwait(false))
        {
            if (filter.Status is { } status && state.Status != status)
            {
                continue;
            }

            if (EvaluationDesk.JobOf(state) is { } job && Matches(job, filter, references))
            {
                yield return job;
            }
        }
    }

    private static bool Matches(EvaluationJob job, EvaluationFilter filter, HashSet<string>? references)
    {
        var reference = job.Request.Model;
        return (filter.DatasetId is null || job.Request.DatasetId == filter.DatasetId)
            && (filter.Model is not { } model || reference == model || NameOf(reference) == model)
            && (references is null || (job.Outcome is { } outcome ? outcome.Task == filter.Task!.Value.Name() : references.Contains(reference)));
    }

    private static string NameOf(string reference) => reference.IndexOf('@', StringComparison.Ordinal) is var at and >= 0 ? reference[..at] : reference;

    private async Task<HashSet<string>> OfTaskAsync(ModelTask task, CancellationToken cancellationToken) =>
        (await models.ListAsync(cancellationToken).ConfigureAwait(false)).Where(version => version.Card.Task == task).Select(version => version.Reference).ToHashSet(StringComparer.Ordinal);

    private static SortKey KeyOf(EvaluationJob job, string sort) => sort switch
    {
        "updatedAt" => new SortKey(job.UpdatedAt.UtcTicks, string.Empty, job.Id),
        "model" => new SortKey(0, job.Request.Model, job.Id),
        "status" => new SortKey((long)job.Status, string.Empty, job.Id),
        "headline" => new SortKey(SortKey.OfFigure(job.Outcome?.Headline.Value), string.Empty, job.Id),
        "records" => new SortKey(job.Outcome?.Records ?? -1, string.Empty, job.Id),
        _ => new SortKey(job.CreatedAt.UtcTicks, string.Empty, job.Id),
    };
}
