using System.Diagnostics;
using AiAssignments.Core.Storage;
using AiAssignments.Core.Telemetry;

namespace AiAssignments.Pipeline.Operations.Stores;

/// <summary>Measures every call of a document store in <see cref="Instruments.StoreOperationDuration"/>, those that fail too.</summary>
/// <param name="inner">The store.</param>
/// <param name="name">Its name as a label: one of a few, never a caller's.</param>
public sealed class MeasuredDocumentStore(IDocumentStore inner, string name) : IDocumentStore
{
    private readonly TagList read = Tags(name, "read");
    private readonly TagList write = Tags(name, "write");
    private readonly TagList query = Tags(name, "query");
    private readonly TagList delete = Tags(name, "delete");
    private readonly TagList deleteMany = Tags(name, "delete-many");

    /// <inheritdoc />
    public Task<Document<T>?> FindAsync<T>(string container, string partition, string id, CancellationToken cancellationToken) =>
        TimeAsync(inner, (container, partition, id), static (store, args, token) => store.FindAsync<T>(args.container, args.partition, args.id, token), read, cancellationToken);

    /// <inheritdoc />
    public Task<Document<T>> PutAsync<T>(string container, string partition, string id, T value, string? ifMatch, CancellationToken cancellationToken) =>
        TimeAsync(inner, (container, partition, id, value, ifMatch), static (store, args, token) => store.PutAsync(args.container, args.partition, args.id, args.value, args.ifMatch, token), write, cancellationToken);

    /// <inheritdoc />
    public Task<bool> DeleteAsync(string container, string partition, string id, CancellationToken cancellationToken) =>
        TimeAsync(inner, (container, partition, id), static (store, args, token) => store.DeleteAsync(args.container, args.partition, args.id, token), delete, cancellationToken);

    /// <inheritdoc />
    public Task<int> DeleteManyAsync(string container, string partition, IReadOnlyCollection<string> ids, CancellationToken cancellationToken) =>
        TimeAsync(inner, (container, partition, ids), static (store, args, token) => store.DeleteManyAsync(args.container, args.partition, args.ids, token), deleteMany, cancellationToken);

    /// <inheritdoc />
    public Task<DocumentPage<T>> QueryAsync<T>(string container, string partition, DocumentQuery query, CancellationToken cancellationToken) =>
        TimeAsync(inner, (container, partition, query), static (store, args, token) => store.QueryAsync<T>(args.container, args.partition, args.query, token), this.query, cancellationToken);

    private static TagList Tags(string store, string operation) => new() { { "store", store }, { "operation", operation } };

    private static async Task<TResult> TimeAsync<TStore, TArguments, TResult>(
        TStore store, TArguments arguments, Func<TStore, TArguments, CancellationToken, Task<TResult>> call, TagList tags, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            return await call(store, arguments, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Instruments.StoreOperationDuration.Record(Stopwatch.GetElapsedTime(started).TotalSeconds, tags);
        }
    }
}
