namespace AiAssignments.Tests.Support;

/// <summary>Public benchmark data beside the checkout (<c>../shared/data</c>): never part of the project, so tests on it are skipped where it is absent.</summary>
internal static class SharedData
{
    public static string? Root { get; } = Find();

    public static string PathOf(string relative) => Path.Combine(Root ?? throw new InvalidOperationException("shared/data is absent."), relative);

    public static bool Has(string relative) => Root is not null && Path.Exists(Path.Combine(Root, relative));

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "AiAssignments.sln")))
            {
                var data = Path.Combine(folder.FullName, "..", "shared", "data");
                return Directory.Exists(data) ? Path.GetFullPath(data) : null;
            }
        }

        return null;
    }
}
