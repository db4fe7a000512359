using AiAssignments.Core.Storage;

namespace AiAssignments.Pipeline.Gateway;

/// <summary>Pages that the document store cuts itself.</summary>
internal static class StoredPages
{
    public static async Task<Page<T>> PageAsync<T>(
        this IDocumentStore documents, string container, string orderBy, PageRequest request, CancellationToken cancellationToken, params DocumentFilter[] filters)
    {
        var query = new DocumentQuery { Filters = filters, OrderBy = orderBy, Descending = request.Descending, PageSize = request.Size, Continuation = request.Continuation };
        var page = await documents.QueryAsync<T>(container, Containers.Partition, query, cancellationToken).ConfigureAwait(false);
        return new Page<T>([.. page.Items.Select(document => document.Value)], page.Continuation);
    }
}
