using System.Globalization;
using System.Text;
using AiAssignments.Core.Errors;
using AiAssignments.Evaluation.Datasets.Tar;

namespace AiAssignments.Evaluation.Datasets.Staging;

/// <summary>
/// Packs a dataset folder (aclImdb, images in a folder per class, CIFAR batch files) into one uncompressed tar stream, so that the rest
/// of the system sees a file. The same content gives the same bytes wherever it lies: paths relative to the folder, sorted by ordinal,
/// no times, no owners. Format: POSIX.1-2001 (ustar, with a pax header where a path or a size does not fit).
/// </summary>
public static class FolderPacking
{
    private const int MaxFiles = 5_000_000;
    private const long LargestUstarSize = 0x1_FFFF_FFFF;

    /// <summary>Writes the folder's files to <paramref name="destination"/>.</summary>
    /// <param name="folder">Path of an existing folder.</param>
    /// <param name="destination">Receives the archive; left open.</param>
    /// <param name="progress">Told the bytes written so far, after each file.</param>
    /// <param name="cancellationToken">Stops the packing.</param>
    /// <exception cref="ProblemException"><c>folder-missing</c>, <c>folder-empty</c>, <c>folder-link</c> (a link inside: refused, not followed),
    /// <c>folder-too-many-files</c>, <c>folder-changed</c> (a file grew or shrank meanwhile).</exception>
    public static async Task PackAsync(string folder, Stream destination, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(destination);
        var root = new DirectoryInfo(folder);
        if (!root.Exists)
        {
            throw new ProblemException("folder-missing", "There is no such folder.", folder);
        }

        var files = new List<string>();
        Collect(root, string.Empty, files);
        if (files.Count == 0)
        {
            throw new ProblemException("folder-empty", "The folder holds no file.", folder);
        }

        files.Sort(StringComparer.Ordinal);
        long written = 0;
        foreach (var file in files)
        {
            written += await WriteFileAsync(root.FullName, file, destination, cancellationToken).ConfigureAwait(false);
            progress?.Report(written);
        }

        await destination.WriteAsync(new byte[2 * TarBlock.Size], cancellationToken).ConfigureAwait(false);
        progress?.Report(written + (2 * TarBlock.Size));
    }

    private static void Collect(DirectoryInfo folder, string prefix, List<string> files)
    {
        foreach (var item in folder.EnumerateFileSystemInfos())
        {
            var path = prefix + item.Name;
            if (item.LinkTarget is not null || (item.Attributes & FileAttributes.ReparsePoint) != 0)
            {
                throw new ProblemException("folder-link", "A link inside the folder: put the file itself there, or take the link away.", path);
            }

            if (item is DirectoryInfo child)
            {
                Collect(child, path + '/', files);
            }
            else if (files.Count < MaxFiles)
            {
                files.Add(path);
            }
            else
            {
                throw new ProblemException("folder-too-many-files", $"The folder holds more than {MaxFiles} files.", path);
            }
        }
    }

    private static async ValueTask<long> WriteFileAsync(string root, string path, Stream destination, CancellationToken cancellationToken)
    {
        var stream = new FileStream(Path.Combine(root, path), FileMode.Open, FileAccess.Read, FileShare.Read, 0, FileOptions.SequentialScan);
        await using (stream.ConfigureAwait(false))
        {
            var size = stream.Length;
            var header = Header(path, size);
            await destination.WriteAsync(header, cancellationToken).ConfigureAwait(false);
            var buffer = new byte[64 * 1024];
            for (var rest = size; rest > 0;)
            {
                var read = await stream.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, rest)), cancellationToken).ConfigureAwait(false);
                if (read == 0)
                {
                    throw new ProblemException("folder-changed", "The file shrank while it was read: pack again when nothing writes to the folder.", path);
                }

                await destination.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
                rest -= read;
            }

            if (stream.Length != size)
            {
                throw new ProblemException("folder-changed", "The file grew while it was read: pack again when nothing writes to the folder.", path);
            }

            await destination.WriteAsync(new byte[TarBlock.Padded(size) - size], cancellationToken).ConfigureAwait(false);
            return header.Length + TarBlock.Padded(size);
        }
    }

    private static byte[] Header(string path, long size)
    {
        var name = Encoding.UTF8.GetBytes(path);
        if (name.Length <= 100 && size <= LargestUstarSize && Ascii.IsValid(name))
        {
            return Block(name, size, '0');
        }

        var records = new List<byte>();
        if (name.Length > 100 || !Ascii.IsValid(name))
        {
            records.AddRange(PaxRecord("path", path));
        }

        if (size > LargestUstarSize)
        {
            records.AddRange(PaxRecord("size", size.ToString(CultureInfo.InvariantCulture)));
        }

        var padded = new byte[TarBlock.Padded(records.Count)];
        records.CopyTo(padded);
        return
        [
            .. Block("PaxHeader"u8, records.Count, 'x'),
            .. padded,
            .. Block(name.AsSpan(0, Math.Min(name.Length, 100)), Math.Min(size, LargestUstarSize), '0'),
        ];
    }

    // The length counts its own digits, so it is found by trying.
    private static byte[] PaxRecord(string key, string value)
    {
        var body = Encoding.UTF8.GetBytes($" {key}={value}\n");
        var length = body.Length + 1;
        while (length != body.Length + length.ToString(CultureInfo.InvariantCulture).Length)
        {
            length = body.Length + length.ToString(CultureInfo.InvariantCulture).Length;
        }

        return [.. Encoding.ASCII.GetBytes(length.ToString(CultureInfo.InvariantCulture)), .. body];
    }

    private static byte[] Block(ReadOnlySpan<byte> name, long size, char type)
    {
        var block = new byte[TarBlock.Size];
        name.CopyTo(block);
        "0000644\0"u8.CopyTo(block.AsSpan(100));
        "0000000\0"u8.CopyTo(block.AsSpan(108));
        "0000000\0"u8.CopyTo(block.AsSpan(116));
        Octal(block.AsSpan(124, 12), size);
        Octal(block.AsSpan(136, 12), 0);
        "        "u8.CopyTo(block.AsSpan(148));
        block[156] = (byte)type;
        "ustar\0"u8.CopyTo(block.AsSpan(257));
        "00"u8.CopyTo(block.AsSpan(263));
        var sum = 0;
        foreach (var part in block)
        {
            sum += part;
        }

        Octal(block.AsSpan(148, 7), sum);
        return block;
    }

    private static void Octal(Span<byte> field, long value)
    {
        for (var i = field.Length - 2; i >= 0; i--)
        {
            field[i] = (byte)('0' + (value & 7));
            value >>= 3;
        }

        field[^1] = 0;
    }
}
