using AiAssignments.Tests.Support;

namespace AiAssignments.Tests.Infrastructure;

/// <summary>The files of <c>infra/</c>.</summary>
internal static class InfraFiles
{
    public static string Folder { get; } = Path.Combine(RepositoryRoot.Path, "infra");

    public static string Main { get; } = Read("main.bicep");

    /// <summary>All templates by their path below <c>infra/</c>.</summary>
    public static IReadOnlyDictionary<string, string> Templates { get; } = Directory.EnumerateFiles(Folder, "*.bicep", SearchOption.AllDirectories)
        .ToDictionary(file => Path.GetRelativePath(Folder, file).Replace('\\', '/'), File.ReadAllText, StringComparer.Ordinal);

    public static string Read(params string[] path) => File.ReadAllText(Path.Combine([Folder, .. path]));
}
