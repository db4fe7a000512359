using System.Collections.Concurrent;
using AiAssignments.Core.Storage;
using AiAssignments.Inference.Models;

namespace AiAssignments.Pipeline.Models;

/// <summary>
/// Brings a version's files to where a native library can open them: in place, where the store keeps files of this machine; else as copies in a folder by content hash,
/// of which the least recently used go when they take more than a number of bytes.
/// </summary>
/// <param name="blobs">Where versions' files lie.</param>
/// <param name="cacheFolder">Folder for copies, of this process alone; used when the store's blobs are not files of this machine.</param>
/// <param name="cacheBytes">Most bytes of copies, beyond those of the version asked for last. Default: 16 GiB.</param>
/// <param name="time">The clock; the system's when <c>null</c>.</param>
public sealed class ModelFiles(IBlobStore blobs, string cacheFolder, long cacheBytes = 16L << 30, TimeProvider? time = null)
{
    private readonly ModelFileCache cache = new(Path.Combine(cacheFolder, "models"), cacheBytes, time ?? TimeProvider.System);

    // Two fetches of one version would load it twice, and each would take the other's unfinished files for a dead one's.
    private readonly ConcurrentDictionary<string, SemaphoreSlim> gates = new(StringComparer.Ordinal);

    /// <summary>A folder of this machine with the version's files under their names. Only to be read, and to be opened within minutes: later it may be gone, and is asked for again.</summary>
    /// <param name="version">The version.</param>
    /// <param name="cancellationToken">Stops a download; what was fetched is kept for the next call.</param>
    public async Task<string> FolderOfAsync(ModelVersion version, CancellationToken cancellationToken)
    {
        var names = version.Files.Append(ModelCardJson.FileName).ToList();
        if (blobs is ILocalBlobStore local && InPlace(local, version, names) is { } inPlace)
        {
            return inPlace;
        }

        var gate = gates.GetOrAdd(version.ContentHash, static _ => new SemaphoreSlim(1, 1));
        await gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var folder = cache.Take(version.ContentHash);
            foreach (var name in names.Where(name => !File.Exists(Path.Combine(folder, name))))
            {
                await FetchAsync(version.BlobPrefix + name, Path.Combine(folder, name), cache.Unfinished(version.ContentHash), cancellationToken).ConfigureAwait(false);
            }

            cache.Trim(folder);
            return folder;
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>The store's own folder, when it keeps all the files under their names: a graph finds its external data by name.</summary>
    private static string? InPlace(ILocalBlobStore local, ModelVersion version, List<string> names)
    {
        var folder = Path.GetDirectoryName(local.FilePath(version.BlobPrefix + ModelCardJson.FileName))!;
        return names.TrueForAll(name => local.FilePath(version.BlobPrefix + name) == Path.Combine(folder, name.Replace('/', Path.DirectorySeparatorChar))) ? folder : null;
    }

    private async Task FetchAsync(string blob, string file, string partial, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var source = await blobs.OpenReadAsync(blob, 0, null, cancellationToken).ConfigureAwait(false);
        await using (source.ConfigureAwait(false))
        {
            var target = File.Create(partial);
            await using (target.ConfigureAwait(false))
            {
                await source.CopyToAsync(target, cancellationToken).ConfigureAwait(false);
            }
        }

        File.Move(partial, file, overwrite: true);
    }
}
