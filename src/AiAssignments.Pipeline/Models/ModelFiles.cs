using AiAssignments.Core.Storage;
using AiAssignments.Inference.Models;

namespace AiAssignments.Pipeline.Models;

/// <summary>Brings a version's files to where a native library can open them.</summary>
/// <param name="blobs">Where versions' files lie.</param>
/// <param name="cacheFolder">Folder for copies, used when the store's blobs are not files of this machine.</param>
public sealed class ModelFiles(IBlobStore blobs, string cacheFolder)
{
    /// <summary>A folder of this machine with the version's files under their names. Only to be read.</summary>
    /// <param name="version">The version.</param>
    /// <param name="cancellationToken">Stops a download; what was fetched is kept for the next call.</param>
    public async Task<string> FolderOfAsync(ModelVersion version, CancellationToken cancellationToken)
    {
        var names = version.Files.Append(ModelCardJson.FileName).ToList();
        if (blobs is ILocalBlobStore local && InPlace(local, version, names) is { } inPlace)
        {
            return inPlace;
        }

        var folder = Path.Combine(cacheFolder, version.ContentHash.Replace(':', '-'));
        foreach (var name in names)
        {
            await FetchAsync(version.BlobPrefix + name, Path.Combine(folder, name), cancellationToken).ConfigureAwait(false);
        }

        return folder;
    }

    /// <summary>The store's own folder, when it keeps all the files under their names: a graph finds its external data by name.</summary>
    private static string? InPlace(ILocalBlobStore local, ModelVersion version, List<string> names)
    {
        var folder = Path.GetDirectoryName(local.FilePath(version.BlobPrefix + ModelCardJson.FileName))!;
        return names.TrueForAll(name => local.FilePath(version.BlobPrefix + name) == Path.Combine(folder, name.Replace('/', Path.DirectorySeparatorChar))) ? folder : null;
    }

    private async Task FetchAsync(string blob, string file, CancellationToken cancellationToken)
    {
        if (File.Exists(file))
        {
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var partial = $"{file}.{Guid.NewGuid():N}.partial";
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
