using System.Buffers;
using AiAssignments.Core.Errors;

namespace AiAssignments.Pipeline.Uploads.Models;

/// <summary>
/// The file names of one upload. A name is used as a path below the upload's own folder only after it was found to be relative, plain and new;
/// what a file system somewhere takes for the same name counts as the same.
/// </summary>
/// <param name="limits">How many there may be.</param>
internal sealed class EntryNames(ModelUploadLimits limits)
{
    private const int MostParts = 8;
    private const int LongestPart = 120;

    private static readonly SearchValues<char> Special = SearchValues.Create(":*?\"<>|");

    private readonly Dictionary<string, bool> known = new(StringComparer.OrdinalIgnoreCase);
    private int count;

    /// <summary>Takes a file's name; returns its parts.</summary>
    /// <exception cref="ProblemException"><c>entry-name-invalid</c>, <c>entry-duplicate</c>, <c>upload-too-many-entries</c>, each with the entry as the place.</exception>
    public string[] Add(string name)
    {
        if (++count > limits.MaxEntries)
        {
            throw new ProblemException("upload-too-many-entries", $"A model may have {limits.MaxEntries} files; a folder with onnx, tokenizer and card files is needed.", Show(name));
        }

        var parts = Split(name);
        var path = string.Empty;
        foreach (var part in parts[..^1])
        {
            path += part + "/";
            if (known.TryGetValue(path[..^1], out var isFile) && isFile)
            {
                throw Duplicate(name);
            }

            known[path[..^1]] = false;
        }

        return known.TryAdd(path + parts[^1], true) ? parts : throw Duplicate(name);
    }

    /// <summary>Checks a folder's name, which makes nothing.</summary>
    public void AddFolder(string name)
    {
        if (++count > limits.MaxEntries)
        {
            throw new ProblemException("upload-too-many-entries", $"A model may have {limits.MaxEntries} files.", Show(name));
        }

        Split(name.TrimEnd('/'));
    }

    /// <summary>A name for a message: short, without control characters.</summary>
    public static string Show(string name)
    {
        var plain = new string([.. name.Select(c => char.IsControl(c) ? '?' : c)]);
        return plain.Length > 120 ? plain[..120] + "..." : plain;
    }

    private static string[] Split(string name)
    {
        var parts = name.Split('/');
        var wrong = name.Length == 0 ? "is empty"
            : name[0] is '/' or '\\' || (name.Length > 1 && name[1] == ':') ? "is absolute"
            : name.Contains('\\', StringComparison.Ordinal) ? "has a backslash; separate folders with '/'"
            : name.Any(char.IsControl) ? "has a control character"
            : parts.Length > MostParts ? $"lies {parts.Length} folders deep; {MostParts} are allowed"
            : parts.Any(part => part is ".." or ".") ? "climbs out of its folder"
            : parts.Any(part => part.Length is 0 or > LongestPart) ? $"has a part of no or more than {LongestPart} characters"
            : parts.Any(IsSpecial) ? "has a part that is not a plain file name on every system"
            : null;
        return wrong is null ? parts : throw new ProblemException("entry-name-invalid", $"The name of the entry {wrong}.", Show(name));
    }

    // Trailing dots and blanks vanish on Windows, and ':' opens a stream; device names are devices whatever comes after the dot.
    private static bool IsSpecial(string part)
    {
        var stem = part.Split('.')[0].TrimEnd();
        return part[^1] is '.' or ' ' || part[0] == ' ' || part.AsSpan().ContainsAny(Special)
            || stem.ToUpperInvariant() is "CON" or "PRN" or "AUX" or "NUL"
            || (stem.Length == 4 && char.IsAsciiDigit(stem[3]) && stem[..3].ToUpperInvariant() is "COM" or "LPT");
    }

    private static ProblemException Duplicate(string name) => new("entry-duplicate", "Two entries have this name, or names that differ in case only.", Show(name));
}
