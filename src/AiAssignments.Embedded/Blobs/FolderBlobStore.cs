using System.Globalization;
using System.Runtime.CompilerServices;
using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Storage;
using AiAssignments.Embedded.Folders;

namespace AiAssignments.Embedded.Blobs;

/// <summary>
/// Blobs as files of one folder. A write goes to a temporary file on the same volume, is synced to disk, renamed into place, and the folder is synced.
/// Links inside the folder are not followed. One store at a time per folder (see <see cref="DataFolder"/>): opening it removes what a crash left unfinished.
/// </summary>
public sealed class FolderBlobStore : ILocalBlobStore, IGrowingBlobStore
{
    private readonly string root;
    private readonly string temporary;
    private readonly GrowingFolder growing;
    private readonly TimeProvider time;
    private readonly Func<string, Stream> createTemporary;
    private readonly Lock stampLock = new();

    // No blob is put in place between the look at its version and the deletion of that version.
    private readonly Lock placeLock = new();
    private long lastStamp;

    /// <summary>Opens the folder, makes it when there is none, and removes unfinished temporary files.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="time">The clock; the system's when <c>null</c>.</param>
    public FolderBlobStore(string folder, TimeProvider? time = null)
        : this(folder, time ?? TimeProvider.System, CreateTemporary)
    {
    }

    internal FolderBlobStore(string folder, TimeProvider time, Func<string, Stream> createTemporary)
    {
        root = Path.GetFullPath(folder);
        this.time = time;
        this.createTemporary = createTemporary;

        // No segment maps to a name with a leading dot, so no blob can lie here.
        temporary = Path.Combine(root, ".tmp");
        DurableFolder.Create(temporary);
        foreach (var orphan in Directory.EnumerateFiles(temporary))
        {
            File.Delete(orphan);
        }

        // What is being received outlives the process; whoever keeps the uploads sweeps it.
        growing = new GrowingFolder(Path.Combine(root, ".growing"));
    }

    /// <inheritdoc />
    public string FilePath(string path) => Locate(path);

    /// <inheritdoc />
    public Task<BlobFacts?> FindAsync(string path, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var file = Locate(path);
        try
        {
            return Task.FromResult(IsPlain(file) ? Facts(path, new FileInfo(file)) : null);
        }
        catch (FileNotFoundException)
        {
            // Deleted between the two looks.
            return Task.FromResult<BlobFacts?>(null);
        }
    }

    /// <inheritdoc />
    public Task<Stream> OpenReadAsync(string path, long offset, long? length, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length ?? 0);
        var file = Locate(path);
        if (!IsPlain(file))
        {
            throw NotFound(path);
        }

        FileStream stream;
        try
        {
            // Delete-sharing lets a new version be renamed over a blob that is being read, on Windows too.
            stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0, FileOptions.SequentialScan);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw NotFound(path);
        }

        if (offset > stream.Length)
        {
            var size = stream.Length;
            stream.Dispose();
            throw new ArgumentOutOfRangeException(nameof(offset), offset, $"The blob has {size} bytes.");
        }

        stream.Position = offset;
        return Task.FromResult<Stream>(length is { } wanted && wanted < stream.Length - offset ? new BoundedStream(stream, wanted) : stream);
    }

    /// <inheritdoc />
    public async Task<BlobFacts> WriteAsync(string path, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(write);
        var target = Locate(path);
        RefuseLinks(target, path);
        var unfinished = Path.Combine(temporary, Guid.NewGuid().ToString("N"));
        try
        {
            var stream = createTemporary(unfinished);
            await using (stream.ConfigureAwait(false))
            {
                await write(stream, cancellationToken).ConfigureAwait(false);
                cancellationToken.ThrowIfCancellationRequested();
                await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
                (stream as FileStream)?.Flush(flushToDisk: true);
            }

            Stamp(unfinished);
            var facts = Facts(path, new FileInfo(unfinished));
            Publish(unfinished, target);
            return facts;
        }
        catch (IOException exception) when (DiskErrors.IsFull(exception))
        {
            throw new ProblemException(new Problem("storage-full", "The disk is full: the blob was not changed. Free some space and try again.", path), exception);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    /// <inheritdoc />
    public async IAsyncEnumerable<BlobFacts> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        await Task.CompletedTask.ConfigureAwait(false);
        foreach (var (path, file) in BlobListing.List(root, prefix))
        {
            cancellationToken.ThrowIfCancellationRequested();

            // Deleted while the listing ran: not listed.
            if (file.Exists)
            {
                yield return Facts(path, file);
            }
        }
    }

    /// <inheritdoc />
    public Task<bool> DeleteAsync(string path, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(Delete(path, null));
    }

    /// <inheritdoc />
    public Task<bool> DeleteAsync(string path, string ifMatch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ifMatch);
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(Delete(path, ifMatch));
    }

    /// <inheritdoc />
    public Task<IGrowingBlob> OpenGrowingAsync(string id, long length, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(growing.Open(id, length));
    }

    /// <inheritdoc />
    public IDataSource? FindGrowing(string id, string name) => growing.Find(id, name);

    /// <inheritdoc />
    public Task<BlobFacts> AdoptAsync(string id, string path, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var target = Locate(path);
        RefuseLinks(target, path);
        var file = growing.PathOf(id);
        if (!File.Exists(file))
        {
            throw new ProblemException("upload-lost", "What was received is gone from the store; send the file again from its start.");
        }

        Stamp(file);
        var facts = Facts(path, new FileInfo(file));
        Publish(file, target);
        return Task.FromResult(facts);
    }

    /// <inheritdoc />
    public Task<bool> DeleteGrowingAsync(string id, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(growing.Delete(id));
    }

    /// <inheritdoc />
    public IReadOnlyList<string> ListGrowing(DateTimeOffset? untouchedSince = null) => growing.List(untouchedSince);

    internal static FileStream CreateTemporary(string file) =>
        new(file, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 64 * 1024, FileOptions.Asynchronous);

    private static ProblemException NotFound(string path) => new("blob-not-found", "There is no blob of this path.", path);

    private static BlobFacts Facts(string path, FileInfo file)
    {
        var stamp = file.LastWriteTimeUtc.Ticks;
        return new BlobFacts(path, file.Length, string.Create(CultureInfo.InvariantCulture, $"{stamp:x}-{file.Length:x}"), new DateTimeOffset(stamp, TimeSpan.Zero));
    }

    private string Locate(string path)
    {
        var file = Path.Combine(root, BlobNames.ToFile(path));

        // PATH_MAX is 4096 on Linux with the closing NUL; some room is left for the part marks of a rename.
        return file.Length <= 4000 ? file : throw new ProblemException("blob-path-invalid", "The blob path is too long for this file system.", path[..200] + "...");
    }

    // The write's identity is its time, never given twice: the kernel's clock moves in steps of milliseconds, this one always by a tick at least.
    private void Stamp(string file)
    {
        long stamp;
        lock (stampLock)
        {
            stamp = lastStamp = Math.Max(lastStamp + 1, time.GetUtcNow().UtcTicks);
        }

        File.SetLastWriteTimeUtc(file, new DateTime(stamp, DateTimeKind.Utc));
    }

    private bool Delete(string path, string? ifMatch)
    {
        var file = Locate(path);
        var folder = Path.GetDirectoryName(file)!;
        try
        {
            lock (placeLock)
            {
                if (!IsPlain(file) || (ifMatch is not null && Facts(path, new FileInfo(file)).ETag != ifMatch))
                {
                    return false;
                }

                File.Delete(file);
            }
        }
        catch (Exception exception) when (exception is DirectoryNotFoundException or FileNotFoundException)
        {
            // A delete beside us was first, and removed the folder as empty.
            return false;
        }

        DurableFolder.Sync(folder);
        RemoveEmpty(folder);
        return true;
    }

    private void Publish(string unfinished, string target)
    {
        var folder = Path.GetDirectoryName(target)!;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                DurableFolder.Create(folder);
                lock (placeLock)
                {
                    File.Move(unfinished, target, overwrite: true);
                }

                DurableFolder.Sync(folder);
                return;
            }
            catch (Exception exception) when (exception is DirectoryNotFoundException or FileNotFoundException && attempt < 20 && File.Exists(unfinished))
            {
                // A delete beside us removed the folder as empty between the two calls.
            }
        }
    }

    private void RemoveEmpty(string folder)
    {
        while (folder.Length > root.Length)
        {
            try
            {
                Directory.Delete(folder);
            }
            catch (IOException)
            {
                return;
            }

            folder = Path.GetDirectoryName(folder)!;
        }
    }

    private bool IsPlain(string file) => new FileInfo(file) is { Exists: true, LinkTarget: null } && !HasLink(Path.GetDirectoryName(file)!);

    private bool HasLink(string folder)
    {
        for (; folder.Length > root.Length; folder = Path.GetDirectoryName(folder)!)
        {
            if (new DirectoryInfo(folder).LinkTarget is not null)
            {
                return true;
            }
        }

        return false;
    }

    private void RefuseLinks(string file, string path)
    {
        if (HasLink(Path.GetDirectoryName(file)!))
        {
            throw new ProblemException("blob-path-linked", "A folder on the way to the blob is a link; the store does not follow links.", path);
        }
    }
}
