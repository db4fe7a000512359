using AiAssignments.Core.Errors;
using AiAssignments.Core.Workflows;
using AiAssignments.Pipeline.Gateway;

namespace AiAssignments.Pipeline.Jobs;

/// <summary>All jobs of all kinds in one list.</summary>
/// <param name="sources">Where they are known.</param>
public sealed class JobDesk(IEnumerable<IJobSource> sources)
{
    private readonly IJobSource[] sources = [.. sources];

    /// <summary>Names that a list may be sorted by.</summary>
    public static IReadOnlyList<string> Sorts { get; } = ["createdAt", "updatedAt"];

    /// <summary>A page of jobs.</summary>
    /// <param name="kind">Only of this kind.</param>
    /// <param name="status">Only in this state.</param>
    /// <param name="request">Which page; its sort is one of <see cref="Sorts"/>.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    public Task<Page<JobResource>> PageAsync(string? kind, WorkflowStatus? status, PageRequest request, CancellationToken cancellationToken)
    {
        var byAge = request.Sort == "createdAt";
        var matching = sources.ToAsyncEnumerable()
            .SelectMany(source => source.ListAsync(cancellationToken))
            .Where(job => (kind is null || job.Kind == kind) && (status is null || job.Status == status));
        return KeysetListing.TakeAsync(
            matching,
            job => new SortKey((byAge ? job.CreatedAt : job.UpdatedAt).UtcTicks, string.Empty, job.Id),
            sorted: byAge && request.Descending && sources.Length == 1,
            request,
            KeysetCursor.Fingerprint("jobs", request.Sort, request.Descending, kind, status),
            cancellationToken);
    }

    /// <summary>One job.</summary>
    /// <param name="id">Its id. Hostile.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="ProblemException"><c>job-not-found</c>.</exception>
    public async Task<JobResource> GetAsync(string id, CancellationToken cancellationToken)
    {
        foreach (var source in sources)
        {
            if (await source.FindAsync(id, cancellationToken).ConfigureAwait(false) is { } job)
            {
                return job;
            }
        }

        throw new ProblemException("job-not-found", "No job has this id.");
    }
}
