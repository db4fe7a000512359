using AiAssignments.Core.Storage;

namespace AiAssignments.Pipeline.Caching;

/// <summary>
/// A document store each of whose writes invalidates the cached queries of its container: no writer has to think of it, and none can forget it.
/// Reads go through uncached, since who reads to write needs the ETag of now.
/// </summary>
/// <param name="inner">The store.</param>
/// <param name="queries">The cached queries.</param>
public sealed class InvalidatingDocumentStore(IDocumentStore inner, QueryCache queries) : IDocumentStore
{
    /// <inheritdoc />
    public Task<Document<T>?> FindAsync<T>(string container, string partition, string id, CancellationToken cancellationToken) =>
        inner.FindAsync<T>(container, partition, id, cancellationToken);

    /// <inheritdoc />
    public async Task<Document<T>> PutAsync<T>(string container, string partition, string id, T value, string? ifMatch, CancellationToken cancellationToken)
    {
        try
        {
            return await inner.PutAsync(container, partition, id, value, ifMatch, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            // Also after a failure: a write that was cancelled, or whose answer was lost, may have been done.
            await queries.InvalidateAsync(container).ConfigureAwait(false);
        }
    }

    /// <inheritdoc />
    public async Task<bool> DeleteAsync(string container, string partition, string id, CancellationToken cancellationToken)
    {
        try
        {
            return await inner.DeleteAsync(container, partition, id, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await queries.InvalidateAsync(container).ConfigureAwait(false);
        }
    }

    /// <inheritdoc />
    public async Task<int> DeleteManyAsync(string container, string partition, IReadOnlyCollection<string> ids, CancellationToken cancellationToken)
    {
        try
        {
            return await inner.DeleteManyAsync(container, partition, ids, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await queries.InvalidateAsync(container).ConfigureAwait(false);
        }
    }

    /// <inheritdoc />
    public Task<DocumentPage<T>> QueryAsync<T>(string container, string partition, DocumentQuery query, CancellationToken cancellationToken) =>
        inner.QueryAsync<T>(container, partition, query, cancellationToken);
}
