using System.IO.Hashing;
using System.Security.Cryptography;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Jobs;
using AiAssignments.Core.Storage;
using AiAssignments.Pipeline.Datasets;
using AiAssignments.Pipeline.Drops;
using AiAssignments.Pipeline.Housekeeping;

namespace AiAssignments.Pipeline.Uploads;

/// <summary>
/// Receives datasets: whole ones in one go, and resumable ones in pieces over days, lost connections and restarts. Bytes go straight to where they will lie;
/// the hash is computed on the way; registering gives them their place by a rename.
/// </summary>
/// <param name="store">Receives the bytes.</param>
/// <param name="documents">Holds the facts of resumable uploads.</param>
/// <param name="datasets">Takes the finished ones in.</param>
/// <param name="drops">Starts evaluations.</param>
/// <param name="progress">Told how far each has come.</param>
/// <param name="options">Limits and times.</param>
/// <param name="time">The clock.</param>
public sealed class UploadDesk(
    IGrowingBlobStore store, IDocumentStore documents, Ingestion datasets, DatasetDrop drops, IProgressPublisher progress, UploadOptions options, TimeProvider time) : IAsyncDisposable
{
    private readonly UploadLanes lanes = new();
    private readonly UploadRegistrar registrar = new(store, documents, datasets, drops, progress, options, time);

    /// <summary>The limits and times.</summary>
    public UploadOptions Options => options;

    /// <summary>Begins a resumable upload.</summary>
    /// <param name="name">File name, 1 to 255 characters; folders before it are left off.</param>
    /// <param name="length">Bytes in all, 1 or more.</param>
    /// <param name="evaluate">Whether the active models of its task score it afterwards.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="ProblemException"><c>request-too-large</c>; <c>dataset-empty</c>; <c>upload-name-invalid</c>; <c>queue-full</c>: too many have begun.</exception>
    public async Task<Upload> CreateAsync(string name, long length, bool evaluate, CancellationToken cancellationToken)
    {
        name = UploadName.Check(name);
        if (length < 1)
        {
            throw new ProblemException("dataset-empty", "The file has no bytes.", name);
        }

        CheckLength(length);
        await RefuseWhenFullAsync(cancellationToken).ConfigureAwait(false);
        var now = time.GetUtcNow();
        var upload = new Upload
        {
            Id = NewId(),
            Name = name,
            Length = length,
            Evaluate = evaluate,
            CreatedAt = now,
            UpdatedAt = now,
            ExpiresAt = now + options.KeepFor,
        };
        await documents.PutAsync(Containers.Uploads, Containers.Partition, upload.Id, upload, IDocumentStore.MustNotExist, cancellationToken).ConfigureAwait(false);
        return upload;
    }

    /// <summary>The facts of a resumable upload.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="ProblemException"><c>upload-not-found</c>; <c>upload-expired</c>.</exception>
    public async Task<Upload> GetAsync(string id, CancellationToken cancellationToken) => (await DocumentAsync(id, cancellationToken).ConfigureAwait(false)).Value;

    /// <summary>One page, newest first.</summary>
    /// <param name="pageSize">Uploads a page, 1..1000.</param>
    /// <param name="continuation">Token of the page before.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    public async Task<(IReadOnlyList<Upload> Uploads, string? Continuation)> ListAsync(int pageSize, string? continuation, CancellationToken cancellationToken)
    {
        var query = new DocumentQuery { OrderBy = "createdAt", Descending = true, PageSize = pageSize, Continuation = continuation };
        var page = await documents.QueryAsync<Upload>(Containers.Uploads, Containers.Partition, query, cancellationToken).ConfigureAwait(false);
        return ([.. page.Items.Select(document => document.Value)], page.Continuation);
    }

    /// <summary>Receives a piece. When the connection is lost, what came is kept (unless it has a checksum, which cannot be compared then). The last piece returns when the dataset is registered.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="offset">Where the piece begins: the upload's present offset.</param>
    /// <param name="body">The piece.</param>
    /// <param name="announced">Length of the piece where it is known; <c>null</c>: until its end.</param>
    /// <param name="checksum">The piece's checksum; disposed by the caller.</param>
    /// <param name="cancellationToken">Stops the receiving, but not the registering.</param>
    /// <exception cref="ProblemException">
    /// <c>upload-not-found</c>; <c>upload-expired</c>; <c>upload-locked</c>: another piece is being received; <c>upload-offset-conflict</c>; <c>request-too-large</c>;
    /// <c>checksum-mismatch</c>; <c>upload-lost</c>; <c>storage-full</c>; what is wrong with the dataset.
    /// </exception>
    public async Task<Upload> ReceiveAsync(string id, long offset, Stream body, long? announced, UploadChecksum? checksum, CancellationToken cancellationToken)
    {
        var document = await DocumentAsync(id, cancellationToken).ConfigureAwait(false);
        var lane = lanes.TryEnter(id) ?? throw Locked();
        var handedOn = false;
        try
        {
            // Read again: whoever had it before us may have gone on.
            document = await DocumentAsync(id, cancellationToken).ConfigureAwait(false);
            var upload = document.Value;
            if (upload.State is UploadState.Refused)
            {
                throw new ProblemException(upload.Problem!);
            }

            if (offset != upload.Offset)
            {
                throw new ProblemException("upload-offset-conflict", $"The piece begins at byte {offset} and the upload stands at byte {upload.Offset}; ask with HEAD and go on from there.");
            }

            if (announced > upload.Length - offset)
            {
                throw new ProblemException("request-too-large", $"The piece has {announced} bytes and {upload.Length - offset} of {upload.Length} are missing.");
            }

            if (upload.State is UploadState.Registered)
            {
                return upload;
            }

            if (offset < upload.Length)
            {
                document = await AppendAsync(document, lane, body, checksum, cancellationToken).ConfigureAwait(false);
            }

            if (document.Value.Offset < document.Value.Length)
            {
                return document.Value;
            }

            handedOn = true;
            return await registrar.Begin(document, lane).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (!handedOn)
            {
                lane.Dispose();
            }
        }
    }

    /// <summary>Ends an upload and deletes what was received. A dataset that it became stays.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="ProblemException"><c>upload-not-found</c>; <c>upload-expired</c>; <c>upload-locked</c>.</exception>
    public async Task DeleteAsync(string id, CancellationToken cancellationToken)
    {
        await DocumentAsync(id, cancellationToken).ConfigureAwait(false);
        using var lane = lanes.TryEnter(id) ?? throw Locked();
        var upload = (await DocumentAsync(id, cancellationToken).ConfigureAwait(false)).Value;
        await RemoveAsync(upload, cancellationToken).ConfigureAwait(false);
        lane.End();
    }

    /// <summary>Receives a whole dataset and registers it. Nothing is left when it fails.</summary>
    /// <param name="name">File name, 1 to 255 characters; folders before it are left off.</param>
    /// <param name="body">The bytes.</param>
    /// <param name="announced">How many they are, where it is known.</param>
    /// <param name="evaluate">Whether the active models of its task score it afterwards.</param>
    /// <param name="cancellationToken">Stops it; nothing is registered then.</param>
    /// <exception cref="ProblemException"><c>request-too-large</c>; <c>dataset-empty</c>; <c>upload-name-invalid</c>; <c>storage-full</c>; what is wrong with the dataset.</exception>
    public async Task<ReceivedDataset> ReceiveWholeAsync(string name, Stream body, long? announced, bool evaluate, CancellationToken cancellationToken)
    {
        name = UploadName.Check(name);
        CheckLength(announced ?? 0);
        var id = NewId();
        var lane = lanes.TryEnter(id)!;
        Document<Upload>? document = null;
        try
        {
            var length = await ReceiveAllAsync(id, name, lane, body, announced, cancellationToken).ConfigureAwait(false);
            document = await NoteAsync(id, name, length, evaluate, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (document is null)
            {
                progress.Publish(new JobProgress(id, name, "failed", 0, announced ?? 0));
                await store.DeleteGrowingAsync(id, CancellationToken.None).ConfigureAwait(false);
                lane.End();
                lane.Dispose();
            }
        }

        var upload = await registrar.Begin(document, lane).WaitAsync(cancellationToken).ConfigureAwait(false);
        return new ReceivedDataset(await datasets.GetAsync(upload.DatasetId!, cancellationToken).ConfigureAwait(false), upload.Evaluations);
    }

    /// <summary>Goes on with uploads whose bytes are all there and which a stop kept from becoming datasets; does not wait for them. Call once, at the start, where no other process receives.</summary>
    /// <param name="cancellationToken">Stops the call.</param>
    public async Task ResumeAsync(CancellationToken cancellationToken)
    {
        foreach (var upload in await ReceivedAsync(cancellationToken).ConfigureAwait(false))
        {
            if (await TakeUpAsync(upload, cancellationToken).ConfigureAwait(false) is { } taken)
            {
                _ = registrar.Begin(taken.Document, taken.Lane);
            }
        }
    }

    /// <summary>As <see cref="ResumeAsync(CancellationToken)"/> where other processes receive too: only with those that none has touched since a time, one after the other, to their end.</summary>
    /// <param name="before">The time: longer ago than a process may need to make a dataset of an upload.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="AggregateException">Some could not be gone on with; the others were. What is refused is said in the upload, and is no failure.</exception>
    public async Task ResumeAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        var attempts = new Attempts();
        foreach (var upload in (await ReceivedAsync(cancellationToken).ConfigureAwait(false)).Where(upload => upload.UpdatedAt < before))
        {
            await attempts.TryAsync(() => ResumeAsync(upload, cancellationToken), cancellationToken).ConfigureAwait(false);
        }

        attempts.ThrowIfAnyFailed("going on with a received upload");
    }

    /// <summary>Deletes expired uploads, and received bytes that belong to none: at the start and now and then, where no other process receives.</summary>
    /// <param name="cancellationToken">Stops the sweep.</param>
    /// <exception cref="AggregateException">Some could not be deleted; the others were.</exception>
    public Task SweepAsync(CancellationToken cancellationToken) => SweepAsync(DateTimeOffset.MaxValue, cancellationToken);

    /// <summary>As <see cref="SweepAsync(CancellationToken)"/> where other processes receive too, of whose bytes nothing is noted before their end: only bytes that none has touched since a time.</summary>
    /// <param name="before">The time: longer ago than a process may work on a request.</param>
    /// <param name="cancellationToken">Stops the sweep.</param>
    /// <exception cref="AggregateException">Some could not be deleted; the others were.</exception>
    public async Task SweepAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        var attempts = new Attempts();
        var now = time.GetUtcNow();
        var kept = new HashSet<string>(StringComparer.Ordinal);
        var all = documents.ListAsync<Upload>(Containers.Uploads, new DocumentQuery { PageSize = 1000 }, cancellationToken);
        foreach (var upload in await all.ToListAsync(cancellationToken).ConfigureAwait(false))
        {
            if (!IsGivenUp(upload, now) || lanes.TryEnter(upload.Id) is not { } lane)
            {
                kept.Add(upload.Id);
                continue;
            }

            using (lane)
            {
                if (await attempts.TryAsync(() => RemoveAsync(upload, cancellationToken), cancellationToken).ConfigureAwait(false))
                {
                    lane.End();
                }
            }
        }

        foreach (var id in store.ListGrowing(before))
        {
            if (!kept.Contains(id) && lanes.TryEnter(id) is { } lane)
            {
                using (lane)
                {
                    await attempts.TryAsync(() => RemoveBytesAsync(id, lane, cancellationToken), cancellationToken).ConfigureAwait(false);
                }
            }
        }

        attempts.ThrowIfAnyFailed("deleting an expired upload");
    }

    /// <summary>Stops registering; the next start goes on with it.</summary>
    public ValueTask DisposeAsync() => registrar.DisposeAsync();

    private static string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    private static ProblemException Locked() =>
        new("upload-locked", "Another piece of this upload is being received or registered; try again in a moment.") { RetryAfter = TimeSpan.FromSeconds(1) };

    private static bool IsGivenUp(Upload upload, DateTimeOffset now) => upload.ExpiresAt <= now && upload.State != UploadState.Registering;

    private ProblemException TooLarge() => new("request-too-large", $"An upload may have {options.MaxBytes} bytes.");

    private void CheckLength(long length)
    {
        if (length > options.MaxBytes)
        {
            throw TooLarge();
        }
    }

    private async Task<Document<Upload>> DocumentAsync(string id, CancellationToken cancellationToken)
    {
        var document = await documents.FindAsync<Upload>(Containers.Uploads, Containers.Partition, id, cancellationToken).ConfigureAwait(false)
            ?? throw new ProblemException("upload-not-found", $"No upload has the id '{(id.Length > 40 ? id[..40] : id)}'.");
        return !IsGivenUp(document.Value, time.GetUtcNow())
            ? document
            : throw new ProblemException("upload-expired", $"The upload was given up on {document.Value.ExpiresAt:yyyy-MM-dd HH:mm} UTC; begin a new one.");
    }

    private async Task<List<Upload>> ReceivedAsync(CancellationToken cancellationToken) =>
        (await UnfinishedAsync(cancellationToken).ConfigureAwait(false)).FindAll(static upload => upload.Offset == upload.Length);

    private async Task ResumeAsync(Upload received, CancellationToken cancellationToken)
    {
        if (await TakeUpAsync(received, cancellationToken).ConfigureAwait(false) is not { } taken)
        {
            return;
        }

        try
        {
            await registrar.Begin(taken.Document, taken.Lane).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (ProblemException refused) when (!refused.Problem.Code.StartsWith("storage-", StringComparison.Ordinal))
        {
            // It stands in the upload; or another process has gone on with it in the same moment.
        }
    }

    // Nothing: it is in hand here, has changed since it was listed, or was given up.
    private async Task<(Document<Upload> Document, UploadLanes.Lane Lane)?> TakeUpAsync(Upload received, CancellationToken cancellationToken)
    {
        if (lanes.TryEnter(received.Id) is not { } lane)
        {
            return null;
        }

        var taken = false;
        try
        {
            var document = await documents.FindAsync<Upload>(Containers.Uploads, Containers.Partition, received.Id, cancellationToken).ConfigureAwait(false);
            taken = document is not null && document.Value.UpdatedAt == received.UpdatedAt && !IsGivenUp(document.Value, time.GetUtcNow());
            return taken ? (document!, lane) : null;
        }
        finally
        {
            if (!taken)
            {
                lane.Dispose();
            }
        }
    }

    private async Task<List<Upload>> UnfinishedAsync(CancellationToken cancellationToken)
    {
        var all = await documents.ListAsync<Upload>(Containers.Uploads, new DocumentQuery { PageSize = 1000 }, cancellationToken).ToListAsync(cancellationToken).ConfigureAwait(false);
        return all.FindAll(upload => upload.State is UploadState.Receiving or UploadState.Registering);
    }

    private async Task RefuseWhenFullAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if ((await UnfinishedAsync(cancellationToken).ConfigureAwait(false)).Count(upload => upload.ExpiresAt > now) >= options.MostOpen)
        {
            throw new ProblemException("queue-full", $"{options.MostOpen} uploads have begun and are not finished; finish or end one.") { RetryAfter = TimeSpan.FromMinutes(1) };
        }
    }

    private async Task<long> ReceiveAllAsync(string id, string name, UploadLanes.Lane lane, Stream body, long? announced, CancellationToken cancellationToken)
    {
        var hash = new XxHash128();
        var blob = await store.OpenGrowingAsync(id, 0, cancellationToken).ConfigureAwait(false);
        await using (blob.ConfigureAwait(false))
        {
            var receiver = new PieceReceiver(blob, hash, null, options.SyncEvery, length =>
            {
                progress.Publish(new JobProgress(id, name, "receiving", length, announced ?? 0));
                return Task.CompletedTask;
            });
            if (!await receiver.ReceiveAsync(body, options.MaxBytes, cancellationToken).ConfigureAwait(false))
            {
                throw TooLarge();
            }

            lane.Hashed(hash, blob.Length);
            return blob.Length > 0 ? blob.Length : throw new ProblemException("dataset-empty", "The file has no bytes.", name);
        }
    }

    // From here on a stop does not lose it: the next start registers what was received.
    private Task<Document<Upload>> NoteAsync(string id, string name, long length, bool evaluate, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var upload = new Upload
        {
            Id = id,
            Name = name,
            Length = length,
            Offset = length,
            State = UploadState.Registering,
            Evaluate = evaluate,
            CreatedAt = now,
            UpdatedAt = now,
            ExpiresAt = now + options.KeepFor,
        };
        return documents.PutAsync(Containers.Uploads, Containers.Partition, id, upload, IDocumentStore.MustNotExist, cancellationToken);
    }

    private async Task<Document<Upload>> AppendAsync(Document<Upload> document, UploadLanes.Lane lane, Stream body, UploadChecksum? checksum, CancellationToken cancellationToken)
    {
        var upload = document.Value;
        var hash = lane.CanHashFrom(upload.Offset) ? lane.Hash.Clone() : null;
        var blob = await store.OpenGrowingAsync(upload.Id, upload.Offset, cancellationToken).ConfigureAwait(false);
        await using (blob.ConfigureAwait(false))
        {
            // A piece with a checksum counts only when it matches, so nothing of it is acknowledged before its end; an unacknowledged rest is cut off when the next piece comes.
            var receiver = new PieceReceiver(blob, hash, checksum, options.SyncEvery, checksum is null ? AcknowledgeAsync : static _ => Task.CompletedTask);
            try
            {
                if (!await receiver.ReceiveAsync(body, upload.Length - upload.Offset, cancellationToken).ConfigureAwait(false))
                {
                    throw new ProblemException("request-too-large", $"The piece goes on beyond the {upload.Length} bytes that were announced.");
                }

                if (checksum?.Matches() == false)
                {
                    throw new ProblemException("checksum-mismatch", "The piece does not match its Upload-Checksum; it was thrown away. Send it again.");
                }

                if (checksum is not null)
                {
                    await AcknowledgeAsync(blob.Length).ConfigureAwait(false);
                }
            }
            finally
            {
                if (hash is not null && document.Value.Offset == blob.Length)
                {
                    lane.Hashed(hash, blob.Length);
                }
            }
        }

        return document;

        async Task AcknowledgeAsync(long length)
        {
            var now = time.GetUtcNow();
            document = await PutAsync(document, document.Value with { Offset = length, UpdatedAt = now, ExpiresAt = now + options.KeepFor }).ConfigureAwait(false);
            progress.Publish(new JobProgress(upload.Id, upload.Name, "receiving", length, upload.Length));
        }
    }

    private Task<Document<Upload>> PutAsync(Document<Upload> document, Upload upload) =>
        documents.PutAsync(Containers.Uploads, Containers.Partition, upload.Id, upload, document.ETag, CancellationToken.None);

    private async Task RemoveBytesAsync(string id, UploadLanes.Lane lane, CancellationToken cancellationToken)
    {
        // It may have begun since the list was read.
        if (await documents.FindAsync<Upload>(Containers.Uploads, Containers.Partition, id, cancellationToken).ConfigureAwait(false) is null)
        {
            await store.DeleteGrowingAsync(id, cancellationToken).ConfigureAwait(false);
            lane.End();
        }
    }

    private async Task RemoveAsync(Upload upload, CancellationToken cancellationToken)
    {
        await documents.DeleteAsync(Containers.Uploads, Containers.Partition, upload.Id, cancellationToken).ConfigureAwait(false);
        await store.DeleteGrowingAsync(upload.Id, cancellationToken).ConfigureAwait(false);
        if (upload.State is UploadState.Receiving or UploadState.Registering)
        {
            progress.Publish(new JobProgress(upload.Id, upload.Name, JobStages.Cancelled, upload.Offset, upload.Length));
        }
    }
}
