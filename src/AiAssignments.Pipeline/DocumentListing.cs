using System.Runtime.CompilerServices;
using AiAssignments.Core.Storage;

namespace AiAssignments.Pipeline;

/// <summary>Walks all pages of a query.</summary>
internal static class DocumentListing
{
    public static async IAsyncEnumerable<T> ListAsync<T>(
        this IDocumentStore documents, string container, DocumentQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? continuation = null;
        do
        {
            var page = await documents.QueryAsync<T>(container, Containers.Partition, query with { Continuation = continuation }, cancellationToken).ConfigureAwait(false);
            foreach (var document in page.Items)
            {
                yield return document.Value;
            }

            continuation = page.Continuation;
        }
        while (continuation is not null);
    }
}
