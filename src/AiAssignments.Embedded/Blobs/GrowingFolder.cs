using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Storage;
using AiAssignments.Embedded.Folders;

namespace AiAssignments.Embedded.Blobs;

/// <summary>The growing blobs of a <see cref="FolderBlobStore"/>: files of a hidden folder on the same volume, so that one gets its place by a rename.</summary>
internal sealed class GrowingFolder
{
    private readonly string folder;

    public GrowingFolder(string folder)
    {
        this.folder = folder;
        DurableFolder.Create(folder);
    }

    public IGrowingBlob Open(string id, long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        var file = PathOf(id);
        if (!File.Exists(file) && length > 0)
        {
            throw new ProblemException("upload-lost", "What was received is gone from the store; send the file again from its start.");
        }

        var growing = new GrowingFile(file, length);
        DurableFolder.Sync(folder);
        return growing;
    }

    public IDataSource? Find(string id, string name)
    {
        var file = PathOf(id);
        return File.Exists(file) ? new FileDataSource(file, name) : null;
    }

    public bool Delete(string id)
    {
        var file = PathOf(id);
        if (!File.Exists(file))
        {
            return false;
        }

        File.Delete(file);
        return true;
    }

    public IReadOnlyList<string> List(DateTimeOffset? untouchedSince) =>
        [.. new DirectoryInfo(folder).EnumerateFiles().Where(file => untouchedSince is not { } since || file.LastWriteTimeUtc < since).Select(file => file.Name).Where(IsId)];

    public string PathOf(string id) => IsId(id) ? Path.Combine(folder, id) : throw new ArgumentException("An id has 32 lower-case hex digits.", nameof(id));

    private static bool IsId(string id) => id.Length == 32 && id.All(char.IsAsciiHexDigitLower);
}
