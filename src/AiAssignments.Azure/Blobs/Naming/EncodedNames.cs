using System.Globalization;
using System.Text;

namespace AiAssignments.Azure.Blobs.Naming;

/// <summary>
/// Names of the store's own blobs: <c>-_.</c>, blanks, ASCII letters and digits and the commonest other letters stand for themselves; every other byte of the UTF-8 text is written as
/// <c>~</c> and two upper-case hex digits, and so is a dot or blank that ends a segment. So no server, proxy, URI class or XML writer on the way has anything to normalize
/// (percent signs, backslashes, dots, combining marks), and what is common stays readable. A name that is not written this way stands for no path.
/// </summary>
internal sealed class EncodedNames : IBlobNaming
{
    private const char Mark = '~';
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static EncodedNames Instance { get; } = new();

    /// <summary>A name under <paramref name="folder"/> that stands for no path: for what the adapter itself keeps in the container.</summary>
    public static string Hidden(string folder, string id) => $"{folder}{id}{Mark}";

    /// <summary>The id of a name made by <see cref="Hidden"/>; <c>null</c> for another name.</summary>
    public static string? HiddenId(string folder, string name) =>
        name.StartsWith(folder, StringComparison.Ordinal) && name.EndsWith(Mark) ? name[folder.Length..^1] : null;

    public string ToName(string path)
    {
        BlobPaths.Check(path);
        var name = Encode(path, path.Length);
        return name.Length <= BlobPaths.LongestName
            ? name
            : throw BlobPaths.Invalid(path, $"encoded it has {name.Length} characters; at most {BlobPaths.LongestName} can be had");
    }

    public string? ToPath(string name)
    {
        var bytes = new byte[Strict.GetMaxByteCount(name.Length)];
        var count = 0;
        for (var i = 0; i < name.Length; i++)
        {
            if (name[i] != Mark)
            {
                var units = char.IsSurrogate(name[i]) && i + 1 < name.Length ? 2 : 1;
                count += Encoding.UTF8.GetBytes(name.AsSpan(i, units), bytes.AsSpan(count));
                i += units - 1;
            }
            else if (i + 2 < name.Length && byte.TryParse(name.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
            {
                bytes[count++] = value;
                i += 2;
            }
            else
            {
                return null;
            }
        }

        try
        {
            var path = Strict.GetString(bytes, 0, count);
            BlobPaths.Check(path);
            return Encode(path, path.Length) == name ? path : null;
        }
        catch (Exception exception) when (exception is DecoderFallbackException or Core.Errors.ProblemException)
        {
            return null;
        }
    }

    public string ToNamePrefix(string prefix)
    {
        // What ends a prefix may or may not end a segment, and half of a pair is no text: the server is asked for less, and the rest is looked at here.
        var length = prefix.Length;
        while (length > 0 && (prefix[length - 1] is '.' or ' ' || char.IsSurrogate(prefix[length - 1])))
        {
            length--;
        }

        return Encode(prefix, length);
    }

    private static string Encode(string path, int length)
    {
        var name = new StringBuilder(length + 16);
        Span<byte> bytes = stackalloc byte[4];
        for (var i = 0; i < length;)
        {
            // In a prefix that is no path there may be half a pair in the middle: it becomes the replacement character, which no path of the store has there.
            Rune.DecodeFromUtf16(path.AsSpan(i, length - i), out var rune, out var units);
            var ends = i + units == path.Length || path[i + units] == '/';
            if (IsPlain(rune, ends) || rune.Value == '/')
            {
                name.Append(rune);
            }
            else
            {
                var count = rune.EncodeToUtf8(bytes);
                foreach (var value in bytes[..count])
                {
                    name.Append(Mark).Append(value.ToString("X2", CultureInfo.InvariantCulture));
                }
            }

            i += units;
        }

        return name.ToString();
    }

    private static bool IsPlain(Rune rune, bool ends) => rune.Value switch
    {
        '-' or '_' => true,
        '.' or ' ' => !ends,
        < 0x80 => char.IsAsciiLetterOrDigit((char)rune.Value),
        _ => IsLetter(rune.Value),
    };

    // By number, not by Unicode's categories: those grow with each version of the runtime, and what was written yesterday must be read tomorrow.
    private static bool IsLetter(int value) => value is (>= 0xC0 and <= 0x24F and not 0xD7 and not 0xF7)
        or (>= 0x391 and <= 0x3C9 and not 0x3A2) or (>= 0x401 and <= 0x45F)
        or (>= 0x3041 and <= 0x3096) or (>= 0x30A1 and <= 0x30FA) or (>= 0x4E00 and <= 0x9FFF) or (>= 0xAC00 and <= 0xD7A3);
}
