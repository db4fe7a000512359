namespace AiAssignments.Embedded.Watching;

/// <summary>A file or a folder that was put into a watched folder and is complete.</summary>
/// <param name="Path">Absolute path.</param>
/// <param name="Length">Bytes; of a folder, of all files in it.</param>
/// <param name="LastModified">Last write; of a folder, the latest in it.</param>
/// <param name="IsFolder">A folder, which is one dataset as a whole.</param>
public sealed record DroppedFile(string Path, long Length, DateTimeOffset LastModified, bool IsFolder);
