namespace AiAssignments.Pipeline.Models;

/// <summary>Copies of versions' files on this machine: a folder for each content, so that the same bytes are there once and never change.</summary>
/// <param name="root">Folder of the folders.</param>
/// <param name="bytes">Most bytes in all, beyond what is in use.</param>
/// <param name="time">The clock.</param>
internal sealed class ModelFileCache(string root, long bytes, TimeProvider time)
{
    private const string Leaving = ".leaving-";

    // Whoever was told a folder opens its files soon afterwards; what is open stays readable when its name goes (on Windows it cannot go, and stays).
    private static readonly TimeSpan InUse = TimeSpan.FromMinutes(10);

    private readonly Lock gate = new();

    /// <summary>Where a file of a content lies while it is fetched: one at a time. What a kill leaves there is written over by the next.</summary>
    public string Unfinished(string contentHash) => Path.Combine(root, ".fetching-" + contentHash.Replace(':', '-'));

    /// <summary>The folder of a content, made when there is none, and noted as used.</summary>
    public string Take(string contentHash)
    {
        var folder = Path.Combine(root, contentHash.Replace(':', '-'));
        lock (gate)
        {
            Directory.CreateDirectory(folder);
            Directory.SetLastWriteTimeUtc(folder, time.GetUtcNow().UtcDateTime);
        }

        return folder;
    }

    /// <summary>Removes the least recently used folders until the rest keeps to the limit; never <paramref name="kept"/>, nor one that was used in the last minutes.</summary>
    public void Trim(string kept)
    {
        lock (gate)
        {
            // The time of last use is the folder's own, which a file that was just moved into it has changed too: to now.
            Directory.SetLastWriteTimeUtc(kept, time.GetUtcNow().UtcDateTime);
            var folders = new DirectoryInfo(root).EnumerateDirectories().ToList();
            foreach (var left in folders.Where(folder => folder.Name.StartsWith(Leaving, StringComparison.Ordinal)))
            {
                Remove(left.FullName);
            }

            var present = folders.Where(folder => !folder.Name.StartsWith('.')).Select(folder => (folder.FullName, Used: folder.LastWriteTimeUtc, Bytes: SizeOf(folder))).ToList();
            var total = present.Sum(folder => folder.Bytes);
            var oldest = time.GetUtcNow().UtcDateTime - InUse;
            foreach (var folder in present.Where(folder => folder.FullName != kept && folder.Used < oldest).OrderBy(folder => folder.Used))
            {
                if (total <= bytes)
                {
                    return;
                }

                total -= Remove(folder.FullName) ? folder.Bytes : 0;
            }
        }
    }

    private static long SizeOf(DirectoryInfo folder) => folder.EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

    // Renamed first: nobody finds half of a folder under its name.
    private bool Remove(string folder)
    {
        try
        {
            var leaving = Path.Combine(root, Leaving + Guid.NewGuid().ToString("N"));
            Directory.Move(folder, leaving);
            Directory.Delete(leaving, recursive: true);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Someone has a file of it open, where that keeps it; the next trim tries again.
            return false;
        }
    }
}
