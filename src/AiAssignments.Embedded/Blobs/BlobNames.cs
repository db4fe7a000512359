using System.Text;
using AiAssignments.Core.Errors;

namespace AiAssignments.Embedded.Blobs;

/// <summary>
/// Maps blob paths to file names and back, one to one and the same on every system: a name holds only lower-case ASCII letters, digits and a few signs;
/// every other byte of the UTF-8 text is percent-encoded (upper-case letters too, since some file systems fold case or normalize Unicode).
/// The blobs <c>a</c> and <c>a/b</c> can both be: a file whose name has no dot, and a folder whose name has one, end in <c>+</c>, so that no file is ever named as a folder.
/// A name too long for the file system goes on inside a folder that ends in <c>%</c>.
/// </summary>
internal static class BlobNames
{
    /// <summary>Most characters of a blob path: what Azure Blob Storage takes, too.</summary>
    public const int LongestPath = 1024;

    // NAME_MAX is 255 bytes nearly everywhere; ecryptfs has 143.
    private const int LongestName = 140;
    private const char UnusualMark = '+';
    private const char PartMark = '%';
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The file's path relative to the store's folder, with the system's separators.</summary>
    /// <exception cref="ProblemException"><c>blob-path-invalid</c>.</exception>
    public static string ToFile(string path)
    {
        if (path.Length is 0 or > LongestPath)
        {
            throw Invalid(path, $"it has {path.Length} characters; 1 to {LongestPath} are needed");
        }

        var file = new StringBuilder();
        var segments = path.Split('/');
        for (var i = 0; i < segments.Length; i++)
        {
            var folder = i + 1 < segments.Length;
            var encoded = Encode(segments[i], path);
            AppendName(file, encoded);
            if (encoded.Contains('.', StringComparison.Ordinal) == folder)
            {
                file.Append(UnusualMark);
            }

            if (folder)
            {
                file.Append(Path.DirectorySeparatorChar);
            }
        }

        return file.ToString();
    }

    /// <summary>Whether a folder of this name holds the rest of a long name rather than a segment's blobs.</summary>
    public static bool IsPart(string folderName) => folderName.EndsWith(PartMark);

    /// <summary>The encoded text of the part of a long name that a folder of this name holds.</summary>
    public static string WithoutPartMark(string folderName) => folderName[..^1];

    /// <summary>The segment that a file's or folder's name (with the parts before it) stands for; <c>null</c> when the name was not made here.</summary>
    public static string? Segment(string name, bool folder)
    {
        var marked = name.EndsWith(UnusualMark);
        var encoded = marked ? name[..^1] : name;
        return encoded.Contains('.', StringComparison.Ordinal) == (folder == marked) ? Decode(encoded) : null;
    }

    /// <summary>The segment that an encoded name stands for; <c>null</c> when the name was not made here.</summary>
    private static string? Decode(string encoded)
    {
        var bytes = new byte[encoded.Length];
        var count = 0;
        for (var i = 0; i < encoded.Length; i++)
        {
            if (encoded[i] != '%')
            {
                bytes[count++] = encoded[i] < 128 ? (byte)encoded[i] : (byte)0;
            }
            else if (i + 2 < encoded.Length && char.IsAsciiHexDigit(encoded[i + 1]) && char.IsAsciiHexDigit(encoded[i + 2]))
            {
                bytes[count++] = Convert.ToByte(encoded.Substring(i + 1, 2), 16);
                i += 2;
            }
            else
            {
                return null;
            }
        }

        try
        {
            var segment = Strict.GetString(bytes, 0, count);
            return segment.Length is > 0 and <= LongestPath && Encode(segment, segment) == encoded ? segment : null;
        }
        catch (Exception exception) when (exception is DecoderFallbackException or ProblemException)
        {
            return null;
        }
    }

    private static string Encode(string segment, string path)
    {
        if (segment is "" or "." or "..")
        {
            throw Invalid(path, $"a segment is '{segment}'");
        }

        byte[] bytes;
        try
        {
            bytes = Strict.GetBytes(segment);
        }
        catch (EncoderFallbackException)
        {
            throw Invalid(path, "a segment holds half of a surrogate pair");
        }

        var encoded = new StringBuilder(bytes.Length + 8);
        for (var i = 0; i < bytes.Length; i++)
        {
            var value = bytes[i];
            if (value is < 0x20 or 0x7F)
            {
                throw Invalid(path, $"a segment holds the control character U+{value:X4}");
            }

            var edge = (value == '.' && (i == 0 || i == bytes.Length - 1)) || (i == 0 && IsReserved(segment));
            if (!edge && (char.IsAsciiLetterLower((char)value) || char.IsAsciiDigit((char)value) || value is (byte)'-' or (byte)'_' or (byte)'.'))
            {
                encoded.Append((char)value);
            }
            else
            {
                encoded.Append('%').Append(value.ToString("X2", null));
            }
        }

        return encoded.ToString();
    }

    // Names that Windows keeps for devices, with any extension (learn.microsoft.com, "Naming Files, Paths, and Namespaces").
    private static bool IsReserved(string segment)
    {
        var stem = segment.Split('.')[0].TrimEnd();
        return stem is "con" or "prn" or "aux" or "nul"
            || (stem.Length == 4 && (stem.StartsWith("com", StringComparison.Ordinal) || stem.StartsWith("lpt", StringComparison.Ordinal)) && char.IsAsciiDigit(stem[3]));
    }

    private static void AppendName(StringBuilder file, string encoded)
    {
        var start = 0;
        while (encoded.Length - start > LongestName)
        {
            // An escape is never cut in two, and a part may not end in a dot.
            var end = start + LongestName;
            while (encoded[end - 1] == '%' || encoded[end - 2] == '%' || encoded[end - 1] == '.')
            {
                end--;
            }

            file.Append(encoded, start, end - start).Append(PartMark).Append(Path.DirectorySeparatorChar);
            start = end;
        }

        file.Append(encoded, start, encoded.Length - start);
    }

    private static ProblemException Invalid(string path, string why) =>
        new("blob-path-invalid", $"The blob path cannot be used: {why}.", path.Length > 200 ? path[..200] + "..." : path);
}
