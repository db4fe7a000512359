namespace AiAssignments.Pipeline.Operations;

/// <summary>Space on the disk that holds the data.</summary>
/// <param name="FreeBytes">Free for this process.</param>
/// <param name="TotalBytes">In all.</param>
public sealed record DiskSpace(long FreeBytes, long TotalBytes)
{
    /// <summary>Of the disk that holds a folder; <c>null</c> when it cannot be told.</summary>
    internal static DiskSpace? Of(string folder)
    {
        try
        {
            var drive = new DriveInfo(folder);
            return new DiskSpace(drive.AvailableFreeSpace, drive.TotalSize);
        }
        catch (Exception untold) when (untold is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
