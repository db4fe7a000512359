using AiAssignments.Core.Errors;
using AiAssignments.Core.Models;
using AiAssignments.Core.Storage;

namespace AiAssignments.Pipeline.Models.Quality;

/// <summary>
/// Answers lists of models. The quality stands in the model's own document, so that "accuracy over a threshold" is a filter of one query,
/// however many models and evaluations there are; one more query brings the versions of the whole page.
/// </summary>
/// <param name="documents">Where versions' facts lie.</param>
public sealed class ModelCatalog(IDocumentStore documents)
{
    /// <summary>One page of models.</summary>
    /// <param name="query">Filters, order, page.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="ProblemException"><c>query-invalid</c>: a threshold outside 0..1, an unknown sort, a page size outside 1..1000; <c>continuation-invalid</c>: the token is not of this query.</exception>
    public async Task<ModelPage> QueryAsync(ModelQuery query, CancellationToken cancellationToken)
    {
        var page = await documents.QueryAsync<ModelVersion>(Containers.Models, Containers.Partition, DocumentQueryOf(query), cancellationToken).ConfigureAwait(false);
        if (page.Items.Count == 0)
        {
            return new ModelPage([], page.Continuation);
        }

        var versions = await VersionsAsync(page.Items, cancellationToken).ConfigureAwait(false);
        return new ModelPage([.. page.Items.Select(active => new ListedModel(active.Value, [.. versions[active.Value.Card.Name]]))], page.Continuation);
    }

    internal static DocumentQuery DocumentQueryOf(ModelQuery query)
    {
        var filters = new List<DocumentFilter> { new("active", "=", true) };
        if (query.Task is { } task)
        {
            filters.Add(new DocumentFilter("card.task", "=", task.Name()));
        }

        if (query.MinAccuracy is { } least)
        {
            if (!(least is >= 0 and <= 1))
            {
                throw new ProblemException("query-invalid", FormattableString.Invariant($"The least accuracy is {least}; it must be 0 to 1."), "minAccuracy");
            }

            filters.Add(new DocumentFilter("quality.accuracy", ">=", least));
        }

        if (query.PageSize is < 1 or > 1000)
        {
            throw new ProblemException("query-invalid", $"The page size is {query.PageSize}; it must be 1 to 1000.", "pageSize");
        }

        var descending = query.Sort.StartsWith('-');
        return new DocumentQuery
        {
            Filters = filters,
            OrderBy = PropertyOf(descending ? query.Sort[1..] : query.Sort),
            Descending = descending,
            PageSize = query.PageSize,
            Continuation = query.Continuation,
        };
    }

    private static string PropertyOf(string sort) => sort switch
    {
        "name" => "card.name",
        "registeredAt" => "registeredAt",
        "accuracy" => "quality.accuracy",
        "sizeBytes" => "sizeBytes",
        "parameters" => "parameters",
        _ => throw new ProblemException("query-invalid", "Models are sorted by name, registeredAt, accuracy, sizeBytes or parameters; with '-' before it, downwards.", "sort"),
    };

    // One query for the whole page: all versions between its first and its last name.
    private async Task<ILookup<string, ModelVersion>> VersionsAsync(IReadOnlyList<Document<ModelVersion>> page, CancellationToken cancellationToken)
    {
        var names = page.Select(document => document.Value.Card.Name).ToHashSet(StringComparer.Ordinal);
        var query = new DocumentQuery
        {
            Filters = [new DocumentFilter("card.name", ">=", names.Min(StringComparer.Ordinal)!), new DocumentFilter("card.name", "<=", names.Max(StringComparer.Ordinal)!)],
            PageSize = 1000,
        };
        var found = await documents.ListAsync<ModelVersion>(Containers.Models, query, cancellationToken)
            .Where(version => names.Contains(version.Card.Name))
            .ToListAsync(cancellationToken).ConfigureAwait(false);

        // A version that was deleted between the two queries is still the active one of this page.
        var all = found.Concat(page.Select(document => document.Value)).DistinctBy(version => version.Reference).OrderBy(version => version.RegisteredAt);
        return all.ToLookup(version => version.Card.Name, StringComparer.Ordinal);
    }
}
