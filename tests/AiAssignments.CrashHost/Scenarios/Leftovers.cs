using System.Security.Cryptography;
using System.Text;

namespace AiAssignments.CrashHost.Scenarios;

/// <summary>What lies in a data folder in the end.</summary>
internal static class Leftovers
{
    /// <summary>Over the names of every file but the databases and the courtesy files of the lock: nothing may be missing, nothing may be left over.</summary>
    public static string HashOf(string folder) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', Directory
        .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(folder, file))
        .Where(file => !file.Contains(".db", StringComparison.Ordinal) && !Path.GetFileName(file).StartsWith('.'))
        .Order(StringComparer.Ordinal)))));
}
