using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Storage;

namespace AiAssignments.Pipeline.Gateway;

/// <summary>
/// Idempotency keys (after draft-ietf-httpapi-idempotency-key-header): the same key with the same request has the same answer, is worked on once at a time, and starts nothing twice.
/// Kept as documents for 24 hours, so that it holds over restarts and servers. A refusal is not kept: the request may be sent again.
/// </summary>
/// <param name="documents">Where answers are kept.</param>
/// <param name="time">The clock.</param>
public sealed class IdempotencyKeys(IDocumentStore documents, TimeProvider time)
{
    private const int SweptAtOnce = 200;
    private static readonly TimeSpan Kept = TimeSpan.FromHours(24);
    private static readonly TimeSpan Claimed = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan BetweenSweeps = TimeSpan.FromMinutes(30);

    private readonly ConcurrentDictionary<string, Task> underWay = new(StringComparer.Ordinal);
    private long sweptAt;

    /// <summary>Answers a request that carries a key.</summary>
    /// <param name="caller">Who asks: two callers' equal keys are two keys. Empty where nobody is asked for a name.</param>
    /// <param name="operation">Name of the route.</param>
    /// <param name="key">The key as sent. Hostile.</param>
    /// <param name="request">The request's bytes, or a hash of them where they are streamed.</param>
    /// <param name="work">Does what is asked for, once. Killed in the middle it is done again when the request comes again, so it must bear that.</param>
    /// <param name="cancellationToken">Stops the waiting and the work.</param>
    /// <returns>The answer, and whether it is an earlier one.</returns>
    /// <exception cref="ProblemException"><c>idempotency-key-invalid</c>; <c>idempotency-key-conflict</c>: it came with another request; <c>idempotency-key-busy-conflict</c>: another server works on it; whatever <paramref name="work"/> throws.</exception>
    public async Task<(KeptAnswer Answer, bool Again)> RunAsync(
        string caller, string operation, string key, ReadOnlyMemory<byte> request, Func<Task<KeptAnswer>> work, CancellationToken cancellationToken)
    {
        Check(key);
        var id = Hash(Encoding.UTF8.GetBytes($"{caller}\n{operation}\n{key}"));
        var fingerprint = Hash(request.Span);
        await SweepAsync(cancellationToken).ConfigureAwait(false);

        // Of those who ask in this process at once, one works and the others wait for it; then each looks for itself.
        var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        while (underWay.GetOrAdd(id, mine.Task) is var first && first != mine.Task)
        {
            await first.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        try
        {
            return await AnswerAsync(id, fingerprint, work, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            underWay.TryRemove(id, out _);
            mine.SetResult();
        }
    }

    private async Task<(KeptAnswer Answer, bool Again)> AnswerAsync(string id, string fingerprint, Func<Task<KeptAnswer>> work, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var known = await documents.FindAsync<IdempotencyEntry>(Containers.Idempotency, Containers.Partition, id, cancellationToken).ConfigureAwait(false);
        if (known is { Value: var entry } && entry.ExpiresAt > now.ToUnixTimeMilliseconds())
        {
            if (entry.Fingerprint != fingerprint)
            {
                throw new ProblemException("idempotency-key-conflict", "The key came before with another request; take a new key for a new request.", "Idempotency-Key");
            }

            if (entry.Answer is { } answer)
            {
                return (answer, true);
            }

            if (entry.ClaimedUntil > now.ToUnixTimeMilliseconds())
            {
                throw Busy();
            }
        }

        var claim = new IdempotencyEntry(fingerprint, Guid.NewGuid().ToString("N"), (now + Claimed).ToUnixTimeMilliseconds(), null, (now + Kept).ToUnixTimeMilliseconds());
        Document<IdempotencyEntry> held;
        try
        {
            held = await documents.PutAsync(Containers.Idempotency, Containers.Partition, id, claim, known?.ETag ?? IDocumentStore.MustNotExist, cancellationToken).ConfigureAwait(false);
        }
        catch (ProblemException lost) when (lost.Problem.Code == "document-conflict")
        {
            throw Busy();
        }

        return (await WorkAsync(id, held, work).ConfigureAwait(false), false);
    }

    private async Task<KeptAnswer> WorkAsync(string id, Document<IdempotencyEntry> held, Func<Task<KeptAnswer>> work)
    {
        KeptAnswer answer;
        try
        {
            answer = await work().ConfigureAwait(false);
        }
        catch
        {
            // Let go of, unless another server has taken over since: then the entry is his.
            await TryPutAsync(id, held.Value with { ClaimedUntil = 0, ExpiresAt = 0 }, held.ETag).ConfigureAwait(false);
            throw;
        }

        // Where it took longer than a claim lasts, another has taken over: what both did is one, by the work's own ids.
        await TryPutAsync(id, held.Value with { Answer = answer }, held.ETag).ConfigureAwait(false);
        return answer;
    }

    private async Task TryPutAsync(string id, IdempotencyEntry entry, string etag)
    {
        try
        {
            await documents.PutAsync(Containers.Idempotency, Containers.Partition, id, entry, etag, CancellationToken.None).ConfigureAwait(false);
        }
        catch (ProblemException lost) when (lost.Problem.Code == "document-conflict")
        {
            // Another server's stays.
        }
    }

    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var last = Interlocked.Read(ref sweptAt);
        if (now.UtcTicks - last < BetweenSweeps.Ticks || Interlocked.CompareExchange(ref sweptAt, now.UtcTicks, last) != last)
        {
            return;
        }

        var query = new DocumentQuery { Filters = [new DocumentFilter("expiresAt", "<", now.ToUnixTimeMilliseconds())], PageSize = SweptAtOnce };
        var page = await documents.QueryAsync<IdempotencyEntry>(Containers.Idempotency, Containers.Partition, query, cancellationToken).ConfigureAwait(false);
        await documents.DeleteManyAsync(Containers.Idempotency, Containers.Partition, [.. page.Items.Select(expired => expired.Id)], cancellationToken).ConfigureAwait(false);
        if (page.Items.Count == SweptAtOnce)
        {
            // There are more. The next request goes on, so that no single one waits for all of them and they never become more.
            Interlocked.Exchange(ref sweptAt, 0);
        }
    }

    private static void Check(string key)
    {
        if (key.Length is 0 or > 255 || key.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            throw new ProblemException("idempotency-key-invalid", "The key must have 1 to 255 visible ASCII characters.", "Idempotency-Key");
        }
    }

    private static ProblemException Busy() => new("idempotency-key-busy-conflict", "The request with this key is being worked on; ask again in a moment.", "Idempotency-Key") { RetryAfter = TimeSpan.FromSeconds(1) };

    private static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes))[..32];
}
