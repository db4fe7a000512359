namespace AiAssignments.Embedded.Folders;

/// <summary>Tells a full disk from other input/output errors.</summary>
internal static class DiskErrors
{
    // errno(3) on Unix: ENOSPC 28, EDQUOT 122 (Linux) and 69 (macOS). Windows: ERROR_DISK_FULL 112, ERROR_HANDLE_DISK_FULL 39.
    public static bool IsFull(IOException exception) => OperatingSystem.IsWindows()
        ? (exception.HResult & 0xFFFF) is 112 or 39
        : exception.HResult is 28 or 122 || (OperatingSystem.IsMacOS() && exception.HResult == 69);
}
