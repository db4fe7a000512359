using System.Runtime.InteropServices;

namespace AiAssignments.Embedded.Folders;

/// <summary>Makes folder entries durable: a renamed file survives a power cut only once its folder is synced, too (fsync(2)).</summary>
internal static partial class DurableFolder
{
    /// <summary>Syncs the entries of a folder. Windows keeps them with the file and has no such call.</summary>
    public static void Sync(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var handle = OpenFolder(folder, 0);
        if (handle < 0)
        {
            return;
        }

        // Some file systems refuse to sync a folder (EINVAL); they have nothing to sync then.
        _ = SyncHandle(handle);
        _ = CloseHandle(handle);
    }

    /// <summary>Creates a folder and those above it, each synced into its parent.</summary>
    public static void Create(string folder)
    {
        if (Directory.Exists(folder))
        {
            return;
        }

        if (Path.GetDirectoryName(folder) is { Length: > 0 } parent)
        {
            Create(parent);
            Directory.CreateDirectory(folder);
            Sync(parent);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenFolder(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int SyncHandle(int handle);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int CloseHandle(int handle);
}
