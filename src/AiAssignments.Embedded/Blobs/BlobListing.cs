namespace AiAssignments.Embedded.Blobs;

/// <summary>Walks a store's folder in ordinal order of the blob paths, holding one folder's names at a time.</summary>
internal static class BlobListing
{
    public static IEnumerable<(string Path, FileInfo File)> List(string root, string prefix) =>
        Walk(new DirectoryInfo(root), string.Empty, prefix);

    private static IEnumerable<(string Path, FileInfo File)> Walk(DirectoryInfo folder, string above, string prefix)
    {
        // A folder sorts as its name with the slash: all its blobs come together, and before or after its neighbours as their full paths do.
        var entries = new List<(string Key, FileSystemInfo Entry)>();
        Collect(folder, string.Empty, entries);
        entries.Sort(static (a, b) => string.CompareOrdinal(a.Key, b.Key));
        foreach (var (key, entry) in entries)
        {
            var path = above + key;
            if (entry is FileInfo file)
            {
                if (path.StartsWith(prefix, StringComparison.Ordinal))
                {
                    yield return (path, file);
                }
            }
            else if (path.StartsWith(prefix, StringComparison.Ordinal) || prefix.StartsWith(path, StringComparison.Ordinal))
            {
                foreach (var inner in Walk((DirectoryInfo)entry, path, prefix))
                {
                    yield return inner;
                }
            }
        }
    }

    private static void Collect(DirectoryInfo folder, string begun, List<(string Key, FileSystemInfo Entry)> entries)
    {
        FileSystemInfo[] children;
        try
        {
            children = folder.GetFileSystemInfos();
        }
        catch (DirectoryNotFoundException)
        {
            return;
        }

        foreach (var child in children)
        {
            if (child.LinkTarget is not null)
            {
                continue;
            }

            if (child is DirectoryInfo part && BlobNames.IsPart(child.Name))
            {
                Collect(part, begun + BlobNames.WithoutPartMark(child.Name), entries);
            }
            else if (BlobNames.Segment(begun + child.Name, folder: child is DirectoryInfo) is { } segment)
            {
                entries.Add((child is DirectoryInfo ? segment + "/" : segment, child));
            }
        }
    }
}
