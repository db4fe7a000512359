using System.Collections.Concurrent;
using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Jobs;
using AiAssignments.Core.Storage;
using AiAssignments.Evaluation.Datasets.Staging;
using AiAssignments.Pipeline.Datasets;
using AiAssignments.Pipeline.Drops;

namespace AiAssignments.Pipeline.Uploads;

/// <summary>Makes datasets of uploads whose bytes are all there. Goes on when the request that sent the last byte is gone: the bytes must not be sent twice.</summary>
internal sealed class UploadRegistrar(
    IGrowingBlobStore store, IDocumentStore documents, Ingestion datasets, DatasetDrop drops, IProgressPublisher progress, UploadOptions options, TimeProvider time) : IAsyncDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private readonly ConcurrentDictionary<Task, bool> running = new();

    /// <summary>Begins; the lane is let go at the end.</summary>
    public Task<Upload> Begin(Document<Upload> document, UploadLanes.Lane lane)
    {
        var task = Task.Run(() => RunAsync(document, lane));
        running.TryAdd(task, true);
        _ = task.ContinueWith(
            done =>
            {
                // Looked at, so that one whose request is gone does not end as an unobserved exception; its upload says why.
                _ = done.Exception;
                running.TryRemove(done, out _);
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        return task;
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(running.Keys).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stopping.Dispose();
    }

    private async Task<Upload> RunAsync(Document<Upload> document, UploadLanes.Lane lane)
    {
        using var leaving = lane;
        var hash = lane.CanHashFrom(document.Value.Length) ? ContentHash.Of(lane.Hash) : document.Value.ContentHash;
        var upload = document.Value with { State = UploadState.Registering, ContentHash = hash, UpdatedAt = time.GetUtcNow() };
        document = await PutAsync(document, upload).ConfigureAwait(false);
        Publish(upload, "registering");
        try
        {
            var dataset = await AdoptAsync(upload).ConfigureAwait(false);
            IReadOnlyList<string> evaluations = upload.Evaluate ? (await drops.EvaluateAsync(dataset, stopping.Token).ConfigureAwait(false)).Evaluations : [];
            upload = upload with { State = UploadState.Registered, DatasetId = dataset.Id, ContentHash = dataset.ContentHash, Evaluations = evaluations };
        }
        catch (ProblemException refused) when (!refused.Problem.Code.StartsWith("storage-", StringComparison.Ordinal))
        {
            await EndAsync(document, upload with { State = UploadState.Refused, Problem = refused.Problem }, lane).ConfigureAwait(false);
            Publish(upload, "failed");
            throw;
        }

        upload = await EndAsync(document, upload, lane).ConfigureAwait(false);
        Publish(upload, "completed");
        return upload;
    }

    private async Task<Dataset> AdoptAsync(Upload upload)
    {
        // Killed after the bytes got their place and before that was noted: they are the dataset.
        if (upload.ContentHash is { } hash
            && store.FindGrowing(upload.Id, upload.Name) is null
            && await datasets.FindByHashAsync(hash, stopping.Token).ConfigureAwait(false) is { } known)
        {
            return known;
        }

        return await datasets.AdoptAsync(store, upload.Id, upload.Name, upload.ContentHash, DatasetOptions.Default, stopping.Token).ConfigureAwait(false);
    }

    private async Task<Upload> EndAsync(Document<Upload> document, Upload upload, UploadLanes.Lane lane)
    {
        var now = time.GetUtcNow();
        upload = upload with { UpdatedAt = now, ExpiresAt = now + options.KeepFor };
        await PutAsync(document, upload).ConfigureAwait(false);
        await store.DeleteGrowingAsync(upload.Id, CancellationToken.None).ConfigureAwait(false);
        lane.End();
        return upload;
    }

    private Task<Document<Upload>> PutAsync(Document<Upload> document, Upload upload) =>
        documents.PutAsync(Containers.Uploads, Containers.Partition, upload.Id, upload, document.ETag, CancellationToken.None);

    private void Publish(Upload upload, string stage) => progress.Publish(new JobProgress(upload.Id, upload.Name, stage, upload.Length, upload.Length));
}
