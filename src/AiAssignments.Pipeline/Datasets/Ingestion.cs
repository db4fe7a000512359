using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Jobs;
using AiAssignments.Core.Storage;
using AiAssignments.Evaluation.Datasets;
using AiAssignments.Evaluation.Datasets.Staging;

namespace AiAssignments.Pipeline.Datasets;

/// <summary>Takes datasets in: hash, stage uncompressed, recognize, register. The same bytes are taken in once.</summary>
/// <param name="blobs">Where staged datasets lie.</param>
/// <param name="documents">Where their facts lie.</param>
/// <param name="progress">Told how far staging has come.</param>
/// <param name="time">The clock.</param>
/// <param name="limits">Against archives that grow without end.</param>
public sealed class Ingestion(IBlobStore blobs, IDocumentStore documents, IProgressPublisher progress, TimeProvider time, StagingLimits limits) : IDisposable
{
    // One at a time: two of the same bytes would take each other's staged blob away, and the disk is the limit anyhow.
    private readonly SemaphoreSlim gate = new(1, 1);

    private const string StagedRoot = "staged/";

    /// <summary>Takes in a file, or a folder in a known layout, of this machine.</summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="options">What the user says about it; decides recognition only.</param>
    /// <param name="cancellationToken">Stops it; nothing is registered then.</param>
    /// <exception cref="ProblemException"><c>dataset-not-found</c>, or what is wrong with it.</exception>
    public async Task<Dataset> RegisterAsync(string path, DatasetOptions options, CancellationToken cancellationToken)
    {
        if (Directory.Exists(path))
        {
            return await RegisterFolderAsync(path, options, cancellationToken).ConfigureAwait(false);
        }

        if (!File.Exists(path))
        {
            throw new ProblemException("dataset-not-found", "There is no such file or folder.", path);
        }

        return await RegisterAsync(new FileDataSource(path), options, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Takes in any source.</summary>
    /// <param name="source">The bytes as given.</param>
    /// <param name="options">What the user says about it.</param>
    /// <param name="cancellationToken">Stops it; nothing is registered then.</param>
    public async Task<Dataset> RegisterAsync(IDataSource source, DatasetOptions options, CancellationToken cancellationToken)
    {
        if (source.Length == 0)
        {
            throw new ProblemException("dataset-empty", "The file has no bytes.", source.Name);
        }

        await gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await TakeInAsync(source, options, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Takes in what was received as a growing blob, which is gone afterwards: it becomes the staged blob as it is, or is decompressed into it.</summary>
    /// <param name="store">The store that received it, which is also the one of staged datasets.</param>
    /// <param name="growing">Its id; flushed and closed.</param>
    /// <param name="name">File name as given.</param>
    /// <param name="hash">Its content hash, where it was computed on the way; <c>null</c>: it is read once more.</param>
    /// <param name="options">What the user says about it.</param>
    /// <param name="cancellationToken">Stops it; nothing is registered then.</param>
    /// <exception cref="ProblemException"><c>upload-lost</c>; what is wrong with the dataset.</exception>
    public async Task<Dataset> AdoptAsync(
        IGrowingBlobStore store, string growing, string name, string? hash, DatasetOptions options, CancellationToken cancellationToken)
    {
        var source = store.FindGrowing(growing, name) ?? throw new ProblemException("upload-lost", "What was received is gone from the store; send it again from its start.", name);
        if (source.Length == 0)
        {
            throw new ProblemException("dataset-empty", "The file has no bytes.", name);
        }

        await gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            hash ??= await ContentHash.ComputeAsync(source, Bytes(name, source.Length), cancellationToken).ConfigureAwait(false);
            if (await KnownAsync(hash, cancellationToken).ConfigureAwait(false) is { } known)
            {
                return known;
            }

            if (await DatasetStaging.InspectAsync(source, cancellationToken).ConfigureAwait(false) != StagingNeed.None)
            {
                return await TakeInAsync(source, options, cancellationToken).ConfigureAwait(false);
            }

            // Facts first, bytes second: a kill in between leaves facts without bytes, which count as unknown, and the received bytes to go on with.
            // The other way round the next start would sweep the bytes away as nobody's.
            var (_, description) = await DatasetFormats.DetectAsync(source, options, cancellationToken).ConfigureAwait(false);
            var dataset = Describe(name, hash, source.Length, StagedPath(hash), name, description);
            await PutAsync(dataset, cancellationToken).ConfigureAwait(false);
            await store.AdoptAsync(growing, dataset.StagedPath, CancellationToken.None).ConfigureAwait(false);
            return dataset;
        }
        finally
        {
            gate.Release();
        }
    }

    /// <inheritdoc />
    public void Dispose() => gate.Dispose();

    private async Task<Dataset> TakeInAsync(IDataSource source, DatasetOptions options, CancellationToken cancellationToken)
    {
        var hash = await ContentHash.ComputeAsync(source, Bytes(source.Name, source.Length), cancellationToken).ConfigureAwait(false);
        if (await KnownAsync(hash, cancellationToken).ConfigureAwait(false) is { } known)
        {
            return known;
        }

        var stagedPath = StagedPath(hash);
        var need = await DatasetStaging.InspectAsync(source, cancellationToken).ConfigureAwait(false);
        var stagedName = source.Name;
        var written = await blobs.WriteAsync(
            stagedPath,
            async (stream, token) =>
            {
                var staged = hash;
                if (need == StagingNeed.None)
                {
                    staged = await ContentHash.CopyAsync(source, stream, token).ConfigureAwait(false);
                }
                else
                {
                    stagedName = await DatasetStaging.DecompressAsync(source, stream, limits, Bytes(source.Name, source.Length), token).ConfigureAwait(false);
                    staged = await ContentHash.ComputeAsync(source, null, token).ConfigureAwait(false);
                }

                if (staged != hash)
                {
                    throw new ProblemException("dataset-changed", "The file changed while it was read; it is taken in when it is dropped again, complete.", source.Name);
                }
            },
            cancellationToken).ConfigureAwait(false);
        return await RecognizeAsync(source.Name, hash, source.Length, written, stagedName, options, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The dataset of a content hash, if its bytes are there; else <c>null</c>.</summary>
    /// <param name="hash">As <see cref="Dataset.ContentHash"/> has it.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    public Task<Dataset?> FindByHashAsync(string hash, CancellationToken cancellationToken) => KnownAsync(hash, cancellationToken);

    /// <summary>All datasets, newest first.</summary>
    /// <param name="cancellationToken">Stops the call.</param>
    public async Task<IReadOnlyList<Dataset>> ListAsync(CancellationToken cancellationToken) =>
        await documents.ListAsync<Dataset>(Containers.Datasets, new DocumentQuery { OrderBy = "registeredAt", Descending = true, PageSize = 1000 }, cancellationToken)
            .ToListAsync(cancellationToken).ConfigureAwait(false);

    /// <summary>The dataset of an id.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="ProblemException"><c>dataset-not-found</c>.</exception>
    public async Task<Dataset> GetAsync(string id, CancellationToken cancellationToken)
    {
        var document = await documents.FindAsync<Dataset>(Containers.Datasets, Containers.Partition, id, cancellationToken).ConfigureAwait(false);
        return document?.Value ?? throw new ProblemException("dataset-not-found", $"No dataset has the id '{id}'.");
    }

    /// <summary>The staged bytes of a dataset.</summary>
    /// <param name="dataset">The dataset.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    public async Task<IDataSource> OpenAsync(Dataset dataset, CancellationToken cancellationToken)
    {
        var facts = await blobs.FindAsync(dataset.StagedPath, cancellationToken).ConfigureAwait(false)
            ?? throw new ProblemException("dataset-not-found", "Its staged bytes are gone from the store; drop it again.", dataset.Name);
        return new BlobDataSource(blobs, facts, dataset.StagedName);
    }

    /// <summary>Deletes a dataset: its facts, then its bytes. Evaluations made of it stay.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    public async Task<bool> DeleteAsync(string id, CancellationToken cancellationToken)
    {
        var known = await documents.DeleteAsync(Containers.Datasets, Containers.Partition, id, cancellationToken).ConfigureAwait(false);
        var staged = await blobs.DeleteAsync(StagedRoot + id, cancellationToken).ConfigureAwait(false);
        await blobs.DeleteAsync(InspectionPath(id), cancellationToken).ConfigureAwait(false);
        return known || staged;
    }

    /// <summary>Removes staged bytes that no dataset refers to: what a kill between staging and registering leaves behind.</summary>
    /// <param name="cancellationToken">Stops the sweep.</param>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        await foreach (var blob in blobs.ListAsync(StagedRoot, cancellationToken).ConfigureAwait(false))
        {
            var id = blob.Path[StagedRoot.Length..];
            if (await documents.FindAsync<Dataset>(Containers.Datasets, Containers.Partition, id, cancellationToken).ConfigureAwait(false) is null)
            {
                await blobs.DeleteAsync(blob.Path, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Blob path of what a look through a dataset found.</summary>
    internal static string InspectionPath(string id) => $"inspections/{id}.json";

    private async Task<Dataset> RegisterFolderAsync(string folder, DatasetOptions options, CancellationToken cancellationToken)
    {
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));

        // A folder has no bytes of its own to hash before it is packed: it is packed under a name that a later sweep removes, then given its place.
        var packing = $"{StagedRoot}packing-{Guid.NewGuid():N}";
        try
        {
            var facts = await blobs.WriteAsync(
                packing, (stream, token) => FolderPacking.PackAsync(folder, stream, Bytes(name, 0), token), cancellationToken).ConfigureAwait(false);
            return await RegisterAsync(new BlobDataSource(blobs, facts, $"{name}.tar"), options, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await blobs.DeleteAsync(packing, CancellationToken.None).ConfigureAwait(false);
        }
    }

    private async Task<Dataset> RecognizeAsync(
        string name, string hash, long size, BlobFacts staged, string stagedName, DatasetOptions options, CancellationToken cancellationToken)
    {
        try
        {
            var (_, description) = await DatasetFormats.DetectAsync(new BlobDataSource(blobs, staged, stagedName), options, cancellationToken).ConfigureAwait(false);
            var dataset = Describe(name, hash, size, staged.Path, stagedName, description);
            await PutAsync(dataset, cancellationToken).ConfigureAwait(false);
            return dataset;
        }
        catch (Exception error) when (error is ProblemException or OperationCanceledException)
        {
            // Another process may have staged the same bytes meanwhile, or registered them; what is left in doubt is the sweep's.
            if (await documents.FindAsync<Dataset>(Containers.Datasets, Containers.Partition, IdOf(hash), CancellationToken.None).ConfigureAwait(false) is null)
            {
                await blobs.DeleteAsync(staged.Path, staged.ETag, CancellationToken.None).ConfigureAwait(false);
            }

            throw;
        }
    }

    private Dataset Describe(string name, string hash, long size, string stagedPath, string stagedName, DatasetDescription description) => new()
    {
        Id = IdOf(hash),
        Name = name,
        ContentHash = hash,
        SizeBytes = size,
        StagedPath = stagedPath,
        StagedName = stagedName,
        Description = description,
        RegisteredAt = time.GetUtcNow(),
    };

    private Task<Document<Dataset>> PutAsync(Dataset dataset, CancellationToken cancellationToken) =>
        documents.PutAsync(Containers.Datasets, Containers.Partition, dataset.Id, dataset, null, cancellationToken);

    // A dataset whose staged bytes were removed is not known: dropping it again brings them back.
    private async Task<Dataset?> KnownAsync(string hash, CancellationToken cancellationToken)
    {
        var document = await documents.FindAsync<Dataset>(Containers.Datasets, Containers.Partition, IdOf(hash), cancellationToken).ConfigureAwait(false);
        return document is not null && await blobs.FindAsync(document.Value.StagedPath, cancellationToken).ConfigureAwait(false) is not null ? document.Value : null;
    }

    private static string IdOf(string hash) => hash[(hash.IndexOf(':', StringComparison.Ordinal) + 1)..];

    private static string StagedPath(string hash) => StagedRoot + IdOf(hash);

    private Progress Bytes(string name, long total) => new(progress, name, total);

    private sealed class Progress(IProgressPublisher publisher, string name, long total) : IProgress<long>
    {
        public void Report(long value) => publisher.Publish(new JobProgress($"dataset:{name}", name, "staging", value, total));
    }
}
