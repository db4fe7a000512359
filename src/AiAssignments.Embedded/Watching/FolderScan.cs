namespace AiAssignments.Embedded.Watching;

/// <summary>One look at the entries of a watched folder.</summary>
internal static class FolderScan
{
    private static readonly string[] UnfinishedEndings = [".part", ".partial", ".tmp", ".temp", ".crdownload", ".download", ".filepart", "~"];
    private static readonly EnumerationOptions Inner = new()
    {
        RecurseSubdirectories = true,
        IgnoreInaccessible = true,
        MaxRecursionDepth = 32,

        // Links are not followed, so that a loop of them cannot hold the watcher.
        AttributesToSkip = FileAttributes.ReparsePoint,
    };

    /// <summary>The entries that may be datasets, by path in ordinal order. Links, hidden files and those with a name for unfinished ones are passed over.</summary>
    public static SortedDictionary<string, DroppedFile> Look(string folder)
    {
        var found = new SortedDictionary<string, DroppedFile>(StringComparer.Ordinal);
        foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos())
        {
            try
            {
                if (IsUnfinished(entry.Name) || entry.LinkTarget is not null)
                {
                    continue;
                }

                if (entry is FileInfo file)
                {
                    found.Add(file.FullName, new DroppedFile(file.FullName, file.Length, file.LastWriteTimeUtc, IsFolder: false));
                }
                else if (Sum((DirectoryInfo)entry) is { } whole)
                {
                    found.Add(entry.FullName, whole);
                }
            }
            catch (IOException)
            {
                // Gone, or going, while we looked: the next look tells.
            }
        }

        return found;
    }

    /// <summary>Whether nobody holds it for writing in a way that the system tells us of.</summary>
    public static bool CanRead(DroppedFile dropped)
    {
        if (dropped.IsFolder)
        {
            return true;
        }

        try
        {
            using var stream = new FileStream(dropped.Path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static bool IsUnfinished(string name) =>
        name[0] is '.' or '~' || Array.Exists(UnfinishedEndings, ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    // An empty folder, or one with a file still on its way, is not complete.
    private static DroppedFile? Sum(DirectoryInfo folder)
    {
        var (count, length, latest) = (0, 0L, folder.LastWriteTimeUtc);
        foreach (var file in folder.EnumerateFiles("*", Inner))
        {
            if (file.Name[0] != '.' && IsUnfinished(file.Name))
            {
                return null;
            }

            count++;
            length += file.Length;
            latest = file.LastWriteTimeUtc > latest ? file.LastWriteTimeUtc : latest;
        }

        return count == 0 ? null : new DroppedFile(folder.FullName, length, latest, IsFolder: true);
    }
}
