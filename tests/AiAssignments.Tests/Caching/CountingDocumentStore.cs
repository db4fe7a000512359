using AiAssignments.Core.Storage;

namespace AiAssignments.Tests.Caching;

/// <summary>Counts what is asked of a store.</summary>
internal sealed class CountingDocumentStore(IDocumentStore inner) : IDocumentStore
{
    private int reads;
    private int queries;
    private int documents;

    public int Reads => reads;

    public int Queries => queries;

    /// <summary>Documents that queries gave.</summary>
    public int Documents => documents;

    public Task<Document<T>?> FindAsync<T>(string container, string partition, string id, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref reads);
        return inner.FindAsync<T>(container, partition, id, cancellationToken);
    }

    public Task<Document<T>> PutAsync<T>(string container, string partition, string id, T value, string? ifMatch, CancellationToken cancellationToken) =>
        inner.PutAsync(container, partition, id, value, ifMatch, cancellationToken);

    public Task<bool> DeleteAsync(string container, string partition, string id, CancellationToken cancellationToken) =>
        inner.DeleteAsync(container, partition, id, cancellationToken);

    public Task<int> DeleteManyAsync(string container, string partition, IReadOnlyCollection<string> ids, CancellationToken cancellationToken) =>
        inner.DeleteManyAsync(container, partition, ids, cancellationToken);

    public async Task<DocumentPage<T>> QueryAsync<T>(string container, string partition, DocumentQuery query, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref queries);
        var page = await inner.QueryAsync<T>(container, partition, query, cancellationToken);
        Interlocked.Add(ref documents, page.Items.Count);
        return page;
    }
}
