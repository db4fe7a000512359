using AiAssignments.Core.Storage;

namespace AiAssignments.Tests.Support;

/// <summary>A store as a process sees it in which something happens just before a call.</summary>
/// <param name="inner">The store.</param>
internal sealed class MomentDocumentStore(IDocumentStore inner) : IDocumentStore
{
    /// <summary>What happens before a read of a document of a container.</summary>
    public Func<string, Task>? BeforeFind { get; set; }

    /// <summary>What happens before a write into a container.</summary>
    public Func<string, Task>? BeforePut { get; set; }

    public async Task<Document<T>?> FindAsync<T>(string container, string partition, string id, CancellationToken cancellationToken)
    {
        await (BeforeFind?.Invoke(container) ?? Task.CompletedTask);
        return await inner.FindAsync<T>(container, partition, id, cancellationToken);
    }

    public async Task<Document<T>> PutAsync<T>(string container, string partition, string id, T value, string? ifMatch, CancellationToken cancellationToken)
    {
        await (BeforePut?.Invoke(container) ?? Task.CompletedTask);
        return await inner.PutAsync(container, partition, id, value, ifMatch, cancellationToken);
    }

    public Task<bool> DeleteAsync(string container, string partition, string id, CancellationToken cancellationToken) => inner.DeleteAsync(container, partition, id, cancellationToken);

    public Task<int> DeleteManyAsync(string container, string partition, IReadOnlyCollection<string> ids, CancellationToken cancellationToken) =>
        inner.DeleteManyAsync(container, partition, ids, cancellationToken);

    public Task<DocumentPage<T>> QueryAsync<T>(string container, string partition, DocumentQuery query, CancellationToken cancellationToken) =>
        inner.QueryAsync<T>(container, partition, query, cancellationToken);
}
