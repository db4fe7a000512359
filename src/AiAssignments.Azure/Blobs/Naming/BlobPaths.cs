using System.Globalization;
using System.Text;
using AiAssignments.Core.Errors;

namespace AiAssignments.Azure.Blobs.Naming;

/// <summary>What every path must be, whatever names are made of it.</summary>
internal static class BlobPaths
{
    /// <summary>Most characters of a name (learn.microsoft.com, "Naming and Referencing Containers, Blobs, and Metadata").</summary>
    public const int LongestName = 1024;

    /// <summary>Most segments of a name, from the same page.</summary>
    public const int MostSegments = 254;

    /// <summary>Refuses what climbs, what is empty, and what is no text.</summary>
    /// <exception cref="ProblemException"><c>blob-path-invalid</c>.</exception>
    public static void Check(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (path.Length is 0 or > LongestName)
        {
            throw Invalid(path, $"it has {path.Length} characters; 1 to {LongestName} are needed");
        }

        var segments = path.Split('/');
        if (segments.Length > MostSegments)
        {
            throw Invalid(path, $"it has {segments.Length} segments; at most {MostSegments} can be had");
        }

        foreach (var segment in segments)
        {
            if (segment is "" or "." or "..")
            {
                throw Invalid(path, $"a segment is '{segment}'");
            }
        }

        CheckText(path);
    }

    public static ProblemException Invalid(string path, string why) =>
        new("blob-path-invalid", $"The blob path cannot be used: {why}.", path.Length > 200 ? path[..200] + "..." : path);

    public static void CheckText(string path)
    {
        foreach (var rune in path.EnumerateRunes())
        {
            if (rune.Value is < 0x20 or 0x7F)
            {
                throw Invalid(path, string.Create(CultureInfo.InvariantCulture, $"a segment holds the control character U+{rune.Value:X4}"));
            }

            // Half of a pair is enumerated as the replacement character, which may also stand there itself.
            if (rune == Rune.ReplacementChar && HasHalfPair(path))
            {
                throw Invalid(path, "a segment holds half of a surrogate pair");
            }
        }
    }

    private static bool HasHalfPair(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]))
            {
                if (i + 1 >= text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
                {
                    return true;
                }

                i++;
            }
        }

        return false;
    }
}
