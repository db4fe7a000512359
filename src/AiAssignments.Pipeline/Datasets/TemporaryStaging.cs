using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Evaluation.Datasets.Staging;

namespace AiAssignments.Pipeline.Datasets;

/// <summary>A dataset of this machine, readable from any offset, without registering it: decompressed or packed into a temporary file where it must be.</summary>
public sealed class TemporaryStaging : IDisposable
{
    private readonly string? temporary;

    private TemporaryStaging(IDataSource source, string? temporary)
    {
        Source = source;
        this.temporary = temporary;
    }

    /// <summary>The staged dataset.</summary>
    public IDataSource Source { get; }

    /// <summary>Opens a file, or a folder in a known layout.</summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="limits">Against archives that grow without end.</param>
    /// <param name="cancellationToken">Stops it; nothing is left behind.</param>
    /// <exception cref="ProblemException"><c>dataset-not-found</c>, or what is wrong with the archive.</exception>
    public static async Task<TemporaryStaging> OpenAsync(string path, StagingLimits limits, CancellationToken cancellationToken)
    {
        if (Directory.Exists(path))
        {
            return await WriteAsync(Path.GetFileName(Path.GetFullPath(path)) + ".tar", async stream =>
            {
                await FolderPacking.PackAsync(path, stream, null, cancellationToken).ConfigureAwait(false);
                return null;
            }).ConfigureAwait(false);
        }

        if (!File.Exists(path))
        {
            throw new ProblemException("dataset-not-found", "There is no such file or folder.", path);
        }

        var source = new FileDataSource(path);
        if (await DatasetStaging.InspectAsync(source, cancellationToken).ConfigureAwait(false) == StagingNeed.None)
        {
            return new TemporaryStaging(source, null);
        }

        return await WriteAsync(
            source.Name,
            async stream => await DatasetStaging.DecompressAsync(source, stream, limits, null, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
    }

    /// <summary>Removes the temporary file.</summary>
    public void Dispose()
    {
        if (temporary is not null)
        {
            File.Delete(temporary);
        }
    }

    private static async Task<TemporaryStaging> WriteAsync(string name, Func<Stream, Task<string?>> write)
    {
        var file = Path.Combine(Path.GetTempPath(), $"aia-{Guid.NewGuid():N}");
        try
        {
            var stream = File.Create(file);
            await using (stream.ConfigureAwait(false))
            {
                name = await write(stream).ConfigureAwait(false) ?? name;
            }

            return new TemporaryStaging(new FileDataSource(file, name), file);
        }
        catch
        {
            File.Delete(file);
            throw;
        }
    }
}
