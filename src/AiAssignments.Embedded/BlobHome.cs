using System.Text.Json;
using AiAssignments.Core.Errors;
using AiAssignments.Embedded.Folders;

namespace AiAssignments.Embedded;

/// <summary>Remembers in a data folder where its blobs lie: its documents refer to blobs of one store, and in another they would look like nobody's.</summary>
public static class BlobHome
{
    private const string FileName = ".blobs";

    /// <summary>Where the blobs of a data folder lie, as it notes; <c>null</c>: in it, or there is no such folder.</summary>
    /// <param name="dataFolder">Path of the folder.</param>
    /// <exception cref="ProblemException"><c>storage-corrupt</c>.</exception>
    public static string? PlaceOf(string dataFolder) => Read(Path.Combine(Path.GetFullPath(dataFolder), FileName))?.Place;

    /// <summary>Checks that the folder's blobs lie where they are looked for, and notes it in a new folder.</summary>
    /// <param name="folder">The folder, locked.</param>
    /// <param name="place">The outside store; <c>null</c>: the folder itself.</param>
    /// <returns>Id of the installation, once blobs lie outside.</returns>
    /// <exception cref="ProblemException"><c>data-folder-blobs</c>.</exception>
    internal static Guid? Check(DataFolder folder, string? place)
    {
        var file = Path.Combine(folder.Root, FileName);
        var known = Read(file);
        if (!File.Exists(folder.DocumentsFile))
        {
            // Nothing refers to a blob yet: what an earlier start noted may have been an address that no store answered at.
            if (known?.Place != place)
            {
                known = new Home(known?.Installation ?? Guid.NewGuid(), place);
                Write(folder, file, known);
            }

            return place is null ? null : known!.Installation;
        }

        if (known?.Place is null && place is not null)
        {
            throw new ProblemException("data-folder-blobs", "The blobs of this data folder lie in it; start without --storage, or give another folder with --data.", folder.Root);
        }

        if (known?.Place != place)
        {
            throw new ProblemException("data-folder-blobs", $"The blobs of this data folder lie in {known!.Place}: start with that --storage, or give another folder with --data.", folder.Root);
        }

        return place is null ? null : known!.Installation;
    }

    private static void Write(DataFolder folder, string file, Home home)
    {
        var unfinished = file + ".new";
        File.WriteAllText(unfinished, JsonSerializer.Serialize(home, StoredJson.Options));
        File.Move(unfinished, file, overwrite: true);
        DurableFolder.Sync(folder.Root);
    }

    private static Home? Read(string file)
    {
        try
        {
            return File.Exists(file) ? JsonSerializer.Deserialize<Home>(File.ReadAllText(file), StoredJson.Options) : null;
        }
        catch (JsonException error)
        {
            throw new ProblemException(new Problem("storage-corrupt", "The note of where the blobs lie cannot be read.", file), error);
        }
    }

    private sealed record Home(Guid Installation, string? Place = null);
}
