using System.Collections.Concurrent;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Storage;

namespace AiAssignments.Pipeline.Access.Keys;

/// <summary>
/// The API keys: made, rotated and deleted while the server runs. A change is seen at once by the process that makes it, and by others within
/// <see cref="SeenWithin"/>, because a key that was looked up is remembered for so long.
/// </summary>
/// <param name="documents">Where they are stored.</param>
/// <param name="time">The clock.</param>
public sealed class ApiKeys(IDocumentStore documents, TimeProvider time)
{
    /// <summary>Longest overlap of a rotation.</summary>
    public static readonly TimeSpan LongestOverlap = TimeSpan.FromDays(30);

    /// <summary>How long another process may go on taking a key that was deleted or rotated: 5 s.</summary>
    public static readonly TimeSpan SeenWithin = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan LastUseStep = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<string, Remembered> remembered = new(StringComparer.Ordinal);
    private long changes;

    /// <summary>Makes a key.</summary>
    /// <param name="wanted">What is asked for.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="ProblemException"><c>key-name-invalid</c>; <c>key-expired</c>: the end lies in the past; <c>option-invalid</c>: the rate.</exception>
    public async Task<IssuedKey> CreateAsync(NewKey wanted, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (string.IsNullOrWhiteSpace(wanted.Name) || wanted.Name.Length > 100 || wanted.Name.Any(char.IsControl))
        {
            throw new ProblemException("key-name-invalid", "A key needs a name of 1 to 100 characters without control characters.");
        }

        if (wanted.ExpiresAt <= now)
        {
            throw new ProblemException("key-expired", $"The key would end on {wanted.ExpiresAt:yyyy-MM-dd HH:mm} UTC, which is past.");
        }

        if (wanted.Scope is not (AccessScope.Read or AccessScope.Write or AccessScope.Admin))
        {
            throw new ProblemException("scope-missing", "A key needs a scope: read, write or admin.");
        }

        var id = ApiKeyText.NewId();
        var text = ApiKeyText.New(id);
        var key = new ApiKey
        {
            Id = id,
            Name = wanted.Name,
            Scope = wanted.Scope,
            Hash = ApiKeyText.Hash(text),
            CreatedAt = now,
            ExpiresAt = wanted.ExpiresAt,
            Limit = wanted.Limit?.Checked("The key's rate"),
        };
        await documents.PutAsync(Containers.Keys, Containers.Partition, id, key, IDocumentStore.MustNotExist, cancellationToken).ConfigureAwait(false);
        return new IssuedKey(key, text);
    }

    /// <summary>One page, by id.</summary>
    /// <param name="pageSize">Keys a page, 1..1000.</param>
    /// <param name="continuation">Token of the page before.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    public async Task<(IReadOnlyList<ApiKey> Keys, string? Continuation)> ListAsync(int pageSize, string? continuation, CancellationToken cancellationToken)
    {
        var query = new DocumentQuery { PageSize = pageSize, Continuation = continuation };
        var page = await documents.QueryAsync<ApiKey>(Containers.Keys, Containers.Partition, query, cancellationToken).ConfigureAwait(false);
        return ([.. page.Items.Select(document => document.Value)], page.Continuation);
    }

    /// <summary>All keys.</summary>
    /// <param name="cancellationToken">Stops the listing.</param>
    public IAsyncEnumerable<ApiKey> AllAsync(CancellationToken cancellationToken) =>
        documents.ListAsync<ApiKey>(Containers.Keys, new DocumentQuery { PageSize = 1000 }, cancellationToken);

    /// <summary>Gives a key a new text. The old one is taken for the overlap, so that clients can be changed one by one.</summary>
    /// <param name="id">The key's id.</param>
    /// <param name="overlap">How long both are taken, 0 to 30 days.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="ProblemException"><c>key-not-found</c>; <c>overlap-invalid</c>.</exception>
    public async Task<IssuedKey> RotateAsync(string id, TimeSpan overlap, CancellationToken cancellationToken)
    {
        if (overlap < TimeSpan.Zero || overlap > LongestOverlap)
        {
            throw new ProblemException("overlap-invalid", "The overlap must be 0 to 2,592,000 seconds (30 days).");
        }

        for (var attempt = 1; ; attempt++)
        {
            var known = await FindAsync(id, cancellationToken).ConfigureAwait(false) ?? throw NotFound(id);
            try
            {
                return await RotateAsync(known, overlap, cancellationToken).ConfigureAwait(false);
            }
            catch (ProblemException changed) when (changed.Problem.Code == "document-conflict" && attempt < 5)
            {
                // Its last use was noted meanwhile.
            }
        }
    }

    /// <summary>Deletes a key; <c>false</c> when there was none.</summary>
    /// <param name="id">The key's id.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    public async Task<bool> DeleteAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            return ApiKeyText.IsId(id) && await documents.DeleteAsync(Containers.Keys, Containers.Partition, id, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Forget(id);
        }
    }

    /// <summary>The key that a text is; <c>null</c> when it is none. An expired one is returned too: the caller says so.</summary>
    /// <param name="text">The text as sent.</param>
    /// <param name="cancellationToken">Stops the look-up.</param>
    public async ValueTask<ApiKey?> VerifyAsync(string text, CancellationToken cancellationToken)
    {
        if (ApiKeyText.IdOf(text) is not { } id)
        {
            return null;
        }

        var hash = ApiKeyText.Hash(text);
        var known = await RememberAsync(id, cancellationToken).ConfigureAwait(false);
        if (known?.Value is not { } key)
        {
            return null;
        }

        var now = time.GetUtcNow();
        var current = ApiKeyText.Same(hash, key.Hash);
        var previous = ApiKeyText.Same(hash, key.PreviousHash) && key.PreviousUntil > now;
        if (!current && !previous)
        {
            return null;
        }

        if (!key.ExpiredAt(now) && (key.LastUsedAt is not { } last || now - last >= LastUseStep))
        {
            await NoteUseAsync(known, now, cancellationToken).ConfigureAwait(false);
        }

        return key;
    }

    private static ProblemException NotFound(string id) => new("key-not-found", $"No key has the id '{(id.Length > 40 ? id[..40] : id)}'.");

    private async Task<IssuedKey> RotateAsync(Document<ApiKey> known, TimeSpan overlap, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var text = ApiKeyText.New(known.Id);
        var key = known.Value with
        {
            Hash = ApiKeyText.Hash(text),
            PreviousHash = overlap > TimeSpan.Zero ? known.Value.Hash : null,
            PreviousUntil = overlap > TimeSpan.Zero ? now + overlap : null,
            RotatedAt = now,
        };
        try
        {
            await documents.PutAsync(Containers.Keys, Containers.Partition, known.Id, key, known.ETag, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Forget(known.Id);
        }

        return new IssuedKey(key, text);
    }

    private async Task<Document<ApiKey>?> FindAsync(string id, CancellationToken cancellationToken) => ApiKeyText.IsId(id)
        ? await documents.FindAsync<ApiKey>(Containers.Keys, Containers.Partition, id, cancellationToken).ConfigureAwait(false)
        : null;

    private async ValueTask<Document<ApiKey>?> RememberAsync(string id, CancellationToken cancellationToken)
    {
        if (remembered.TryGetValue(id, out var one) && time.GetElapsedTime(one.At) < SeenWithin)
        {
            return one.Key;
        }

        var before = Interlocked.Read(ref changes);
        var at = time.GetTimestamp();
        var found = await FindAsync(id, cancellationToken).ConfigureAwait(false);

        // Unknown ids are not remembered: anyone can make them up. So the memory holds as many entries as there are keys.
        if (found is null)
        {
            remembered.TryRemove(id, out _);
            return null;
        }

        var entry = new Remembered(found, at);
        remembered[id] = entry;
        if (Interlocked.Read(ref changes) != before)
        {
            // A key was changed while this one was read: what was read may be the old one.
            remembered.TryRemove(KeyValuePair.Create(id, entry));
        }

        return found;
    }

    private async Task NoteUseAsync(Document<ApiKey> known, DateTimeOffset now, CancellationToken cancellationToken)
    {
        try
        {
            // Only over what was read: a rotation or deletion beside us wins.
            await documents.PutAsync(Containers.Keys, Containers.Partition, known.Id, known.Value with { LastUsedAt = now }, known.ETag, cancellationToken).ConfigureAwait(false);
            remembered.TryRemove(known.Id, out _);
        }
        catch (ProblemException)
        {
            // A courtesy to whoever looks at the list; no reason to turn a request away.
        }
    }

    private void Forget(string id)
    {
        Interlocked.Increment(ref changes);
        remembered.TryRemove(id, out _);
    }

    private sealed record Remembered(Document<ApiKey> Key, long At);
}
