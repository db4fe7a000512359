namespace AiAssignments.Core.Storage;

/// <summary>A blob store whose blobs are files of this machine, so that a native library can open them in place.</summary>
public interface ILocalBlobStore : IBlobStore
{
    /// <summary>Path of the file that holds the blob. Only to be read.</summary>
    /// <param name="path">Blob path.</param>
    string FilePath(string path);
}
