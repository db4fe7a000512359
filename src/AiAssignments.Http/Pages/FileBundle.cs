using System.IO.Hashing;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;

namespace AiAssignments.Http.Pages;

/// <summary>
/// The files of a page under one fingerprint: <c>PREFIX/FINGERPRINT/path</c>. The fingerprint is of all files together, so that a module's relative imports and a style sheet's
/// relative URLs lead to files of the same version without being rewritten, and a page never mixes two versions. <c>index.html</c> alone has a name that stays, and its
/// references are rewritten. Small: everything is held in memory.
/// </summary>
internal sealed partial class FileBundle
{
    private const string IndexName = "index.html";

    private readonly Dictionary<string, BundledFile> files;

    private FileBundle(string prefix, SortedDictionary<string, byte[]> contents)
    {
        if (!contents.Remove(IndexName, out var index))
        {
            throw new FileNotFoundException($"The page has no {IndexName}.");
        }

        Fingerprint = FingerprintOf(contents);
        files = contents.ToDictionary(file => file.Key, file => new BundledFile(file.Key, file.Value), StringComparer.Ordinal);
        var html = Reference().Replace(Encoding.UTF8.GetString(index), found =>
            files.ContainsKey(found.Groups["path"].Value) ? $"{found.Groups["attribute"].Value}=\"{prefix}/{Fingerprint}/{found.Groups["path"].Value}\"" : found.Value);
        Index = new BundledFile(IndexName, Encoding.UTF8.GetBytes(html));
    }

    /// <summary>Of all files but the index: 16 hex digits.</summary>
    public string Fingerprint { get; }

    /// <summary>The page, its references fingerprinted.</summary>
    public BundledFile Index { get; }

    /// <summary>A page in a folder.</summary>
    /// <param name="folder">The folder; files whose names begin with a dot are left out.</param>
    /// <param name="prefix">Path of its files, for example <c>/assets</c>.</param>
    public static FileBundle OfFolder(string folder, string prefix)
    {
        var contents = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            var path = Path.GetRelativePath(folder, file).Replace(Path.DirectorySeparatorChar, '/');
            if (!path.Split('/').Any(name => name.StartsWith('.')))
            {
                contents.Add(path, File.ReadAllBytes(file));
            }
        }

        return new FileBundle(prefix, contents);
    }

    /// <summary>A page in an assembly's resources.</summary>
    /// <param name="assembly">The assembly.</param>
    /// <param name="root">What its resources' names begin with.</param>
    /// <param name="prefix">Path of its files.</param>
    public static FileBundle OfResources(Assembly assembly, string root, string prefix)
    {
        var contents = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(root, StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            using var content = new MemoryStream();
            stream.CopyTo(content);
            contents.Add(name[root.Length..], content.ToArray());
        }

        return new FileBundle(prefix, contents);
    }

    /// <summary>A file; <c>null</c> when there is none, or the fingerprint is another version's.</summary>
    public BundledFile? Find(string fingerprint, string path) => fingerprint == Fingerprint ? files.GetValueOrDefault(path) : null;

    private static string FingerprintOf(SortedDictionary<string, byte[]> contents)
    {
        var hash = new XxHash3();
        foreach (var (path, content) in contents)
        {
            hash.Append(Encoding.UTF8.GetBytes($"{path}\n{content.Length}\n"));
            hash.Append(content);
        }

        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }

    [GeneratedRegex(@"(?<attribute>\b(?:src|href))=""(?:\./|/)?(?<path>[^""?#]+)""", RegexOptions.CultureInvariant)]
    private static partial Regex Reference();
}
