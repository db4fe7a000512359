using System.Text;

namespace AiAssignments.Evaluation.Datasets.Tar;

/// <summary>Judges the path of an archive entry (tar or zip). Entries are never written to disk; a path that climbs out is refused all the same.</summary>
internal static class EntryPath
{
    private const int ShownCharacters = 200;

    /// <summary>
    /// Splits a safe path into its folders and file name (<c>./</c> and doubled slashes dropped).
    /// </summary>
    /// <param name="name">The path as the archive spells it.</param>
    /// <param name="segments">The parts when safe.</param>
    /// <param name="reason">What is wrong when not: <c>absolute</c>, <c>'..'</c> …</param>
    public static bool TrySplit(string name, out string[] segments, out string reason)
    {
        segments = [];
        reason = name switch
        {
            _ when name.Contains('\0', StringComparison.Ordinal) => "it holds a NUL",
            _ when name.Contains('\\', StringComparison.Ordinal) => "it holds a backslash",
            _ when name.StartsWith('/') => "it is absolute",
            [(>= 'a' and <= 'z') or (>= 'A' and <= 'Z'), ':', ..] => "it names a drive",
            _ => string.Empty,
        };
        if (reason.Length > 0)
        {
            return false;
        }

        segments = Array.FindAll(name.Split('/'), segment => segment is not ("" or "."));
        if (segments.Contains("..", StringComparer.Ordinal))
        {
            reason = "it climbs out with '..'";
            return false;
        }

        if (segments.Length == 0)
        {
            reason = "it is empty";
            return false;
        }

        return true;
    }

    /// <summary>Whether a path is clutter that operating systems leave in archives: <c>__MACOSX</c>, dot files, thumbnails' indexes.</summary>
    public static bool IsClutter(IReadOnlyList<string> segments) =>
        segments.Any(segment => segment[0] == '.' || segment == "__MACOSX")
        || segments[^1] is "Thumbs.db" or "desktop.ini";

    /// <summary>A name that can stand in a message: control characters escaped, at most 200 characters.</summary>
    public static string Show(string name)
    {
        var shown = new StringBuilder(Math.Min(name.Length, ShownCharacters));
        foreach (var character in name.AsSpan(0, Math.Min(name.Length, ShownCharacters)))
        {
            if (char.IsControl(character) || char.IsSurrogate(character) && name.Length > ShownCharacters)
            {
                shown.Append(System.Globalization.CultureInfo.InvariantCulture, $"\\u{(int)character:x4}");
            }
            else
            {
                shown.Append(character);
            }
        }

        return name.Length > ShownCharacters ? shown.Append('…').ToString() : shown.ToString();
    }
}
