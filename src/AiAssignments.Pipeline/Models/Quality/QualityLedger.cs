using AiAssignments.Core.Storage;
using AiAssignments.Pipeline.Evaluations;

namespace AiAssignments.Pipeline.Models.Quality;

/// <summary>
/// Keeps each version's quality what its finished evaluations say. It is derived from the outcomes every time, never counted up:
/// an activity that runs twice, a deletion, and a kill between the two writes all end in the same number.
/// </summary>
/// <param name="documents">Where outcomes and versions' facts lie.</param>
public sealed class QualityLedger(IDocumentStore documents)
{
    /// <summary>Derives one version's quality anew. To be called after each outcome that was written or deleted.</summary>
    /// <param name="reference"><c>name@version</c>; nothing happens when there is no such version.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    public Task RefreshAsync(string reference, CancellationToken cancellationToken) => documents.UpdateModelAsync(
        reference,
        async (version, token) =>
        {
            var query = new DocumentQuery { Filters = [new DocumentFilter("model", "=", reference)], PageSize = 1000 };
            var outcomes = await documents.ListAsync<EvaluationOutcome>(Containers.Evaluations, query, token).ToListAsync(token).ConfigureAwait(false);

            // Written even when equal: the new ETag stops a slower refresh that read the outcomes before this one did.
            return version with { Quality = Of(version, outcomes) };
        },
        cancellationToken);

    /// <summary>Derives every version's quality: for data folders from before there was one, and for what a kill left undone. Two queries, and a write for each version whose quality is not right.</summary>
    /// <param name="cancellationToken">Stops the call.</param>
    public async Task RebuildAsync(CancellationToken cancellationToken)
    {
        var query = new DocumentQuery { PageSize = 1000 };
        var outcomes = await documents.ListAsync<EvaluationOutcome>(Containers.Evaluations, query, cancellationToken).ToListAsync(cancellationToken).ConfigureAwait(false);
        var ofModel = outcomes.ToLookup(outcome => outcome.Model, StringComparer.Ordinal);
        var versions = await documents.ListAsync<ModelVersion>(Containers.Models, query, cancellationToken).ToListAsync(cancellationToken).ConfigureAwait(false);
        foreach (var version in versions.Where(version => Of(version, ofModel[version.Reference]) != version.Quality))
        {
            await RefreshAsync(version.Reference, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The quality that a set of outcomes gives a version, in whatever order they come.</summary>
    internal static ModelQuality? Of(ModelVersion version, IEnumerable<EvaluationOutcome> outcomes)
    {
        // Another content may have been registered under the same version before, and was deleted since.
        var counted = outcomes
            .Where(outcome => outcome.Headline.Value is { } value && double.IsFinite(value) && (outcome.ModelHash is null || outcome.ModelHash == version.ContentHash))
            .OrderBy(outcome => outcome.FinishedAt)
            .ThenBy(outcome => outcome.EvaluationId, StringComparer.Ordinal)
            .ToList();
        if (counted.Count == 0)
        {
            return null;
        }

        var latest = counted[^1];
        return new ModelQuality(
            counted.Average(outcome => outcome.Headline.Value!.Value),
            latest.Headline.Lower,
            latest.Headline.Upper,
            latest.Metric,
            counted.Count,
            counted.Sum(outcome => outcome.Records));
    }
}
