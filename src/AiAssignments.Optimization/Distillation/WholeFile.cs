namespace AiAssignments.Optimization.Distillation;

/// <summary>Writes files that are there whole or not at all, whenever the process is killed.</summary>
public static class WholeFile
{
    /// <summary>Writes beside, brings it to the disk, and renames.</summary>
    /// <param name="path">The file; replaced when it is there.</param>
    /// <param name="write">Writes its content.</param>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        var beside = path + ".partial";
        using (var stream = new FileStream(beside, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            write(stream);
            stream.Flush(flushToDisk: true);
        }

        File.Move(beside, path, overwrite: true);
    }
}
