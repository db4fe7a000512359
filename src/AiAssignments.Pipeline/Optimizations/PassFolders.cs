namespace AiAssignments.Pipeline.Optimizations;

/// <summary>Folders of this machine in which passes work. What a kill leaves there is removed at the next start.</summary>
/// <param name="root">Folder that holds them; made when missing.</param>
public sealed class PassFolders(string root)
{
    private const string Keeping = "kept";

    /// <summary>An empty folder, gone when disposed.</summary>
    /// <param name="optimizationId">Whose.</param>
    /// <param name="attempt">Which attempt.</param>
    public PassFolder Take(string optimizationId, int attempt)
    {
        var path = Path.Combine(root, FormattableString.Invariant($"{optimizationId}-{attempt}"));
        Delete(path);
        Directory.CreateDirectory(path);
        return new PassFolder(path);
    }

    /// <summary>A folder that is kept between runs of the same work: checkpoints, a teacher's logits.</summary>
    /// <param name="optimizationId">Whose.</param>
    public string Kept(string optimizationId) => Directory.CreateDirectory(Path.Combine(root, Keeping, optimizationId)).FullName;

    /// <summary>Removes what was kept for an optimization that has ended.</summary>
    /// <param name="optimizationId">Whose.</param>
    public void Forget(string optimizationId) => Delete(Path.Combine(root, Keeping, optimizationId));

    /// <summary>Removes all folders but those kept for optimizations that may go on.</summary>
    /// <param name="resumable">Ids of these.</param>
    internal void Sweep(IReadOnlySet<string> resumable)
    {
        foreach (var left in Folders(root).Where(folder => Path.GetFileName(folder) != Keeping))
        {
            Delete(left);
        }

        foreach (var kept in Folders(Path.Combine(root, Keeping)).Where(folder => !resumable.Contains(Path.GetFileName(folder))))
        {
            Delete(kept);
        }
    }

    private static string[] Folders(string path) => Directory.Exists(path) ? Directory.GetDirectories(path) : [];

    internal static void Delete(string path)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
    }
}

/// <summary>A folder that goes away.</summary>
/// <param name="path">Its path.</param>
public sealed class PassFolder(string path) : IDisposable
{
    /// <summary>Its path.</summary>
    public string Path => path;

    /// <inheritdoc />
    public void Dispose() => PassFolders.Delete(path);
}
