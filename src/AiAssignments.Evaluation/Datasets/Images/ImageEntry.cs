using AiAssignments.Core.Errors;
using AiAssignments.Evaluation.Datasets.Tar;
using AiAssignments.Evaluation.Datasets.Zip;

namespace AiAssignments.Evaluation.Datasets.Images;

/// <summary>What the path of an archive entry says about an image: <c>[…/][SPLIT/]CLASS/FILE</c>.</summary>
/// <param name="Path">The path, normalized where it is safe.</param>
/// <param name="File">The file name.</param>
/// <param name="Class">The folder it lies in; <c>null</c> at the root.</param>
/// <param name="Split">The folder above that; empty when there is none.</param>
/// <param name="Refusal">Why the entry is refused unread; <c>null</c> when it is not.</param>
internal sealed record ImageEntry(string Path, string File, string? Class, string Split, Problem? Refusal)
{
    /// <summary>Most bytes of an encoded image.</summary>
    public const long MaxImageBytes = 64L * 1024 * 1024;

    // Encoded images hardly deflate; only above this size does a high ratio hurt.
    private const long RatioMattersFrom = 1024 * 1024;
    private const int MaxRatio = 100;

    /// <summary>Judges a tar entry; <c>null</c> when it is no record at all (a folder, clutter).</summary>
    public static ImageEntry? From(TarEntry entry) =>
        entry.Kind == TarEntryKind.Folder ? null : From(entry.Name, entry.Size, entry.Kind switch
        {
            TarEntryKind.Link => new Problem("archive-link", "A link: only regular files are read."),
            TarEntryKind.Other => new Problem("archive-special-file", "A device, pipe or sparse file: only regular files are read."),
            _ => null,
        });

    /// <summary>Judges a zip entry; <c>null</c> when it is no record at all.</summary>
    public static ImageEntry? From(ZipEntry entry) =>
        entry.IsFolder ? null : From(entry.Name, entry.Size, entry switch
        {
            { Link: true } => new Problem("archive-link", "A link: only regular files are read."),
            { Encrypted: true } => new Problem("archive-encrypted", "The entry is encrypted: make the archive without a password."),
            { Method: not (0 or 8) } => new Problem("archive-compression", $"Compression method {entry.Method} is not read: store or deflate the entries."),
            { Size: > RatioMattersFrom } when entry.Size / MaxRatio > entry.CompressedSize => new Problem(
                "archive-ratio", $"{entry.CompressedSize} bytes claim to inflate to {entry.Size}: more than {MaxRatio} times is refused as a bomb."),
            { Method: 0 } when entry.Size != entry.CompressedSize => new Problem(
                "archive-entry-corrupt", $"The entry is damaged: it is stored, yet claims {entry.Size} bytes from {entry.CompressedSize}."),
            _ => null,
        });

    private static ImageEntry? From(string name, long size, Problem? refusal)
    {
        if (!EntryPath.TrySplit(name, out var segments, out var reason))
        {
            return new ImageEntry(name, name, null, string.Empty, new Problem("archive-path-escape", $"The entry's path is refused: {reason}."));
        }

        if (EntryPath.IsClutter(segments))
        {
            return null;
        }

        refusal ??= size switch
        {
            0 => new Problem("image-empty", "The entry is empty."),
            > MaxImageBytes => new Problem("archive-entry-too-large", $"The entry has {size} bytes; at most {MaxImageBytes} are read."),
            _ => null,
        };
        return new ImageEntry(
            string.Join('/', segments),
            segments[^1],
            segments.Length > 1 ? segments[^2] : null,
            segments.Length > 2 ? segments[^3] : string.Empty,
            refusal);
    }
}
