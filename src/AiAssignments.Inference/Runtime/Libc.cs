using System.Runtime.InteropServices;

namespace AiAssignments.Inference.Runtime;

/// <summary>The two calls into the C library.</summary>
internal static partial class Libc
{
    [LibraryImport("libc.so.6", EntryPoint = "gnu_get_libc_version")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial nint Version();

    [LibraryImport("libc.so.6", EntryPoint = "execve", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int Execute(string path, string?[] arguments, string?[] environment);
}
