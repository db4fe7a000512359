using System.Net;
using System.Runtime.InteropServices;
using System.Text.Json;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Storage;
using Microsoft.Azure.Cosmos;

namespace AiAssignments.Azure.Documents;

/// <summary>
/// Documents in Cosmos DB, each <c>{ "id", "partition", "ttl"?, "value" }</c> in a container parted by <c>/partition</c>. Reads and writes are point operations, ETags guard them,
/// many deletions go as transactional batches,
/// and every query stays in its partition. What the SDK tries again it tries again (429 with the server's pause, for 15 s at most; 449 for 30 s; a region that is lost);
/// what is left is a <see cref="ProblemException"/>: <c>storage-busy</c>, which passes, <c>storage-forbidden</c>, <c>storage-full</c>, <c>storage-unavailable</c>, <c>storage-failed</c>,
/// <c>document-invalid</c>, <c>document-unreadable</c>. 64-bit integers beyond 2^53 are kept as strings, and filters don't find them. Safe for use by many threads.
/// </summary>
public sealed class CosmosDocumentStore : IDocumentStore, IDisposable
{
    // A document as deep as the serializer takes, and what an answer puts around it.
    private static readonly JsonDocumentOptions Depth = new() { MaxDepth = 80 };

    private readonly CosmosClient client;
    private readonly Database database;
    private readonly bool emulator;

    internal CosmosDocumentStore(CosmosClient client, string database, bool emulator)
    {
        this.client = client;
        this.database = client.GetDatabase(database);
        this.emulator = emulator;
    }

    /// <summary>Makes the database and its containers where an emulator lacks them. On Azure it does nothing: the infrastructure makes them, and the program may not.</summary>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="ProblemException"><c>storage-busy</c>: the emulator does not answer.</exception>
    public Task PrepareAsync(CancellationToken cancellationToken) => emulator ? MakeAsync(DocumentContainer.All, cancellationToken) : Task.CompletedTask;

    /// <inheritdoc />
    public async Task<Document<T>?> FindAsync<T>(string container, string partition, string id, CancellationToken cancellationToken)
    {
        var (items, key, stored) = Place(container, partition, id);
        using var answer = await CosmosCalls.SendAsync("read", Where(container, id), () => items.ReadItemStreamAsync(stored, key, null, cancellationToken), cancellationToken).ConfigureAwait(false);
        if (answer.IsAbsent())
        {
            return null;
        }

        using var json = await BodyAsync(answer, Where(container, id), cancellationToken).ConfigureAwait(false);
        return new Document<T>(id, StoredDocument.Parse<T>(json.RootElement.GetProperty("value"), id), json.RootElement.GetProperty("_etag").GetString()!);
    }

    /// <inheritdoc />
    public Task<Document<T>> PutAsync<T>(string container, string partition, string id, T value, string? ifMatch, CancellationToken cancellationToken) =>
        WriteAsync(container, partition, id, value, ifMatch, null, cancellationToken);

    /// <summary>Writes a document that is forgotten some time after its last change, whatever its container says.</summary>
    /// <typeparam name="T">The fact it holds.</typeparam>
    /// <param name="container">Container name.</param>
    /// <param name="partition">Partition key.</param>
    /// <param name="id">Document id.</param>
    /// <param name="value">The fact.</param>
    /// <param name="ifMatch">As in <see cref="PutAsync"/>.</param>
    /// <param name="timeToLive">More than nothing, 2^31 - 1 seconds at most; rounded up to whole seconds.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="ProblemException">As of <see cref="PutAsync"/>.</exception>
    public Task<Document<T>> PutExpiringAsync<T>(
        string container, string partition, string id, T value, string? ifMatch, TimeSpan timeToLive, CancellationToken cancellationToken) =>
        WriteAsync(container, partition, id, value, ifMatch, timeToLive, cancellationToken);

    /// <inheritdoc />
    public async Task<bool> DeleteAsync(string container, string partition, string id, CancellationToken cancellationToken)
    {
        var (items, key, stored) = Place(container, partition, id);
        using var answer = await CosmosCalls.SendAsync("delete", Where(container, id), () => items.DeleteItemStreamAsync(stored, key, null, cancellationToken), cancellationToken).ConfigureAwait(false);
        return !answer.IsAbsent() && (answer.IsSuccessStatusCode ? true : throw answer.ToProblem(Where(container, id)));
    }

    /// <inheritdoc />
    public async Task<int> DeleteManyAsync(string container, string partition, IReadOnlyCollection<string> ids, CancellationToken cancellationToken)
    {
        var (items, key) = (Items(container), Key(partition));
        var deleted = 0;
        foreach (var some in ids.Distinct(StringComparer.Ordinal).Select(id => (Id: id, Stored: DocumentId.Encode(id))).ToList().Chunk(DeletionBatch.MostOperations))
        {
            if (await DeletionBatch.TryAsync(items, key, some.Select(static one => one.Stored), container, cancellationToken).ConfigureAwait(false))
            {
                deleted += some.Length;
                continue;
            }

            // Another deletes the same just now: mostly none are left.
            foreach (var (id, _) in some)
            {
                deleted += await DeleteAsync(container, partition, id, cancellationToken).ConfigureAwait(false) ? 1 : 0;
            }
        }

        return deleted;
    }

    /// <inheritdoc />
    public async Task<DocumentPage<T>> QueryAsync<T>(string container, string partition, DocumentQuery query, CancellationToken cancellationToken)
    {
        query.Check();
        var items = Items(container);
        var fingerprint = query.Fingerprint(container, partition);
        var page = new PageQuery(partition, query, query.Continuation is { } token ? PageCursor.Read(token, fingerprint) : null);

        // One more than fits tells whether there is a next page.
        var wanted = query.PageSize + 1;
        var found = new List<PageItem>();
        foreach (var scope in page.Scopes())
        {
            var rest = wanted - found.Count;
            var options = new QueryRequestOptions { PartitionKey = Key(partition), MaxItemCount = Math.Min(rest, 1000) };
            using var answers = items.GetItemQueryStreamIterator(page.Build(scope, rest), null, options);
            while (answers.HasMoreResults && found.Count < wanted)
            {
                using var answer = await CosmosCalls.SendAsync("query", container, () => answers.ReadNextAsync(cancellationToken), cancellationToken).ConfigureAwait(false);
                using var json = await BodyAsync(answer, container, cancellationToken).ConfigureAwait(false);
                found.AddRange(json.RootElement.GetProperty("Documents").EnumerateArray().Select(PageItem.Read));
            }

            if (found.Count >= wanted)
            {
                break;
            }
        }

        var documents = found.Take(query.PageSize).Select(item => item.ToDocument<T>()).ToList();
        return new DocumentPage<T>(documents, found.Count > query.PageSize ? found[query.PageSize - 1].ToCursor(fingerprint, query.OrderBy).Write() : null);
    }

    /// <summary>Closes the client's connections.</summary>
    public void Dispose() => client.Dispose();

    internal async Task MakeAsync(IEnumerable<DocumentContainer> containers, CancellationToken cancellationToken)
    {
        try
        {
            await client.CreateDatabaseIfNotExistsAsync(database.Id, cancellationToken: cancellationToken).ConfigureAwait(false);
            foreach (var container in containers)
            {
                await database.CreateContainerIfNotExistsAsync(container.ToProperties(), cancellationToken: cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception error) when (error.ToProblem(database.Id) is not null)
        {
            throw error.ToProblem(database.Id)!;
        }
    }

    private static PartitionKey Key(string partition) => partition.Length is > 0 and <= 100
        ? new PartitionKey(partition)
        : throw new ProblemException("document-invalid", "A partition key is 1 to 100 characters.");

    private static string Where(string container, string id) => $"{container}/{(id.Length > 100 ? id[..100] + "..." : id)}";

    private static async Task<JsonDocument> BodyAsync(ResponseMessage answer, string where, CancellationToken cancellationToken)
    {
        if (!answer.IsSuccessStatusCode)
        {
            throw answer.ToProblem(where);
        }

        try
        {
            return await JsonDocument.ParseAsync(answer.Content, Depth, cancellationToken).ConfigureAwait(false);
        }
        catch (JsonException error)
        {
            throw new ProblemException(new Problem("storage-failed", "Cosmos DB answered with what is no JSON.", where), error);
        }
    }

    private async Task<Document<T>> WriteAsync<T>(
        string container, string partition, string id, T value, string? ifMatch, TimeSpan? timeToLive, CancellationToken cancellationToken)
    {
        var (items, key, stored) = Place(container, partition, id);
        var body = StoredDocument.Write(stored, partition, value, timeToLive);
        if (ifMatch is not (null or IDocumentStore.MustNotExist) && !StoredDocument.IsETag(ifMatch))
        {
            throw Conflict("The condition is no ETag of a document.", container, partition, id);
        }

        using var answer = await CosmosCalls.SendAsync("write", Where(container, id), () => SendAsync(items, key, stored, body, ifMatch, cancellationToken), cancellationToken).ConfigureAwait(false);
        if (answer.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.PreconditionFailed || (ifMatch is not (null or IDocumentStore.MustNotExist) && answer.IsAbsent()))
        {
            throw Conflict(Conflict(ifMatch, answer.StatusCode), container, partition, id);
        }

        return answer.IsSuccessStatusCode ? new Document<T>(id, value, answer.Headers.ETag) : throw answer.ToProblem(Where(container, id));
    }

    private static async Task<ResponseMessage> SendAsync(Container items, PartitionKey key, string id, ReadOnlyMemory<byte> body, string? ifMatch, CancellationToken cancellationToken)
    {
        MemoryMarshal.TryGetArray(body, out var bytes);
        using var content = new MemoryStream(bytes.Array!, bytes.Offset, bytes.Count, writable: false, publiclyVisible: true);
        return ifMatch switch
        {
            null => await items.UpsertItemStreamAsync(content, key, null, cancellationToken).ConfigureAwait(false),
            IDocumentStore.MustNotExist => await items.CreateItemStreamAsync(content, key, null, cancellationToken).ConfigureAwait(false),
            _ => await items.ReplaceItemStreamAsync(content, id, key, new ItemRequestOptions { IfMatchEtag = ifMatch }, cancellationToken).ConfigureAwait(false),
        };
    }

    private static ProblemException Conflict(string message, string container, string partition, string id) => new("document-conflict", message, $"{container}/{partition}/{id}");

    private static string Conflict(string? wanted, HttpStatusCode status) => (wanted, status) switch
    {
        (IDocumentStore.MustNotExist, _) => "The document exists already.",
        (_, HttpStatusCode.NotFound) => $"The document was expected with ETag {wanted}, and there is none.",
        _ => $"The document was changed meanwhile: ETag {wanted} was expected and another is there. Read it again and repeat the change.",
    };

    private (Container Items, PartitionKey Key, string Id) Place(string container, string partition, string id) => (Items(container), Key(partition), DocumentId.Encode(id));

    private Container Items(string container) => container.Length is > 0 and <= 255 && container.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
        ? database.GetContainer(container)
        : throw new ProblemException("query-invalid", "A container's name is 1 to 255 letters, digits, '-' and '_'.");
}
