namespace AiAssignments.Embedded.Folders;

/// <summary>Folders without a file in them: a kill between the deletion of a folder's last file and that of the folder leaves one.</summary>
internal static class EmptyFolders
{
    /// <summary>Removes a folder and those below it, as far as they are empty. Links are not followed.</summary>
    /// <param name="folder">The folder; need not be there.</param>
    public static void Remove(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return;
        }

        foreach (var inner in new DirectoryInfo(folder).EnumerateDirectories().Where(inner => inner.LinkTarget is null))
        {
            Remove(inner.FullName);
        }

        if (!Directory.EnumerateFileSystemEntries(folder).Any())
        {
            Directory.Delete(folder);
        }
    }
}
