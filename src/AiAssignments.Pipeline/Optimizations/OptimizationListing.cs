using AiAssignments.Pipeline.Gateway;

namespace AiAssignments.Pipeline.Optimizations;

/// <summary>Lists optimizations page by page. Nothing more than a page is held; by age, nothing more than needed is read.</summary>
/// <param name="desk">Where they are known.</param>
public sealed class OptimizationListing(OptimizationDesk desk)
{
    private const string ByAge = "createdAt";

    /// <summary>Names that a list may be sorted by.</summary>
    public static IReadOnlyList<string> Sorts { get; } = [ByAge, "updatedAt", "model", "status"];

    /// <summary>A page.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="request">Which page; its sort is one of <see cref="Sorts"/>.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    public Task<Page<OptimizationJob>> PageAsync(OptimizationFilter filter, PageRequest request, CancellationToken cancellationToken) => KeysetListing.TakeAsync(
        desk.ListAsync(cancellationToken).Where(job => Matches(job, filter)),
        job => KeyOf(job, request.Sort),
        sorted: request is { Sort: ByAge, Descending: true },
        request,
        KeysetCursor.Fingerprint("optimizations", request.Sort, request.Descending, filter.Status, filter.Model, filter.Accepted),
        cancellationToken);

    private static bool Matches(OptimizationJob job, OptimizationFilter filter)
    {
        var reference = job.Request.Model;
        return (filter.Status is not { } status || job.Status == status)
            && (filter.Model is not { } model || reference == model || reference[..reference.IndexOf('@', StringComparison.Ordinal)] == model)
            && (filter.Accepted is not { } accepted || job.Outcome?.Accepted == accepted);
    }

    private static SortKey KeyOf(OptimizationJob job, string sort) => sort switch
    {
        "updatedAt" => new SortKey(job.UpdatedAt.UtcTicks, string.Empty, job.Id),
        "model" => new SortKey(0, job.Request.Model, job.Id),
        "status" => new SortKey((long)job.Status, string.Empty, job.Id),
        _ => new SortKey(job.CreatedAt.UtcTicks, string.Empty, job.Id),
    };
}
