using System.Text.Json;
using AiAssignments.Core.Storage;

namespace AiAssignments.Pipeline.Caching;

/// <summary>
/// A document store whose queries of models and datasets are answered from the cache: for lists, which many ask alike. Point reads go through, since who
/// reads one document mostly means to change it.
/// </summary>
/// <param name="inner">The store; one that invalidates (<see cref="InvalidatingDocumentStore"/>).</param>
/// <param name="queries">The cached queries.</param>
public sealed class CachedDocumentQueries(IDocumentStore inner, QueryCache queries) : IDocumentStore
{
    /// <inheritdoc />
    public Task<Document<T>?> FindAsync<T>(string container, string partition, string id, CancellationToken cancellationToken) =>
        inner.FindAsync<T>(container, partition, id, cancellationToken);

    /// <inheritdoc />
    public Task<Document<T>> PutAsync<T>(string container, string partition, string id, T value, string? ifMatch, CancellationToken cancellationToken) =>
        inner.PutAsync(container, partition, id, value, ifMatch, cancellationToken);

    /// <inheritdoc />
    public Task<bool> DeleteAsync(string container, string partition, string id, CancellationToken cancellationToken) =>
        inner.DeleteAsync(container, partition, id, cancellationToken);

    /// <inheritdoc />
    public Task<int> DeleteManyAsync(string container, string partition, IReadOnlyCollection<string> ids, CancellationToken cancellationToken) =>
        inner.DeleteManyAsync(container, partition, ids, cancellationToken);

    /// <inheritdoc />
    public Task<DocumentPage<T>> QueryAsync<T>(string container, string partition, DocumentQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        return container is CacheTags.Models or CacheTags.Datasets
            ? queries.GetOrSetAsync(
                JsonSerializer.Serialize(new { Type = typeof(T).Name, container, partition, query }),
                [container],
                token => inner.QueryAsync<T>(container, partition, query, token),
                cancellationToken,
                weigh: static page => 1 + page.Items.Count).AsTask()
            : inner.QueryAsync<T>(container, partition, query, cancellationToken);
    }
}
