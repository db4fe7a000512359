using AiAssignments.Core.Errors;

namespace AiAssignments.Azure.Blobs.Naming;

/// <summary>
/// Names that others gave: a path is the name as it is. Refused, and left out of listings, is what a URI class on the way would read as a climb out of the container
/// (<c>.</c> and <c>..</c> between slashes or backslashes), and what holds control characters.
/// </summary>
internal sealed class PlainNames : IBlobNaming
{
    private static readonly char[] Separators = ['/', '\\'];

    public static PlainNames Instance { get; } = new();

    public string ToName(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (path.Length is 0 or > BlobPaths.LongestName)
        {
            throw BlobPaths.Invalid(path, $"it has {path.Length} characters; 1 to {BlobPaths.LongestName} are needed");
        }

        if (path.StartsWith('/') || Array.Exists(path.Split(Separators), segment => segment is "." or ".."))
        {
            throw BlobPaths.Invalid(path, "it begins with a slash, or a segment is '.' or '..'");
        }

        BlobPaths.CheckText(path);
        return path;
    }

    public string? ToPath(string name)
    {
        try
        {
            return ToName(name);
        }
        catch (ProblemException)
        {
            return null;
        }
    }

    public string ToNamePrefix(string prefix) => prefix;
}
