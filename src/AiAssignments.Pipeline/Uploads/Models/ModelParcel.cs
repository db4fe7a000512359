using System.Buffers;
using System.IO.Compression;
using System.IO.Hashing;
using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Evaluation.Datasets.Zip;

namespace AiAssignments.Pipeline.Uploads.Models;

/// <summary>The files of one uploaded model, in a temporary folder that is removed at the end.</summary>
public sealed class ModelParcel : IDisposable
{
    private const int BufferBytes = 256 * 1024;
    private const int MaxDirectoryBytes = 4 << 20;
    private static readonly byte[] ZipMagic = [(byte)'P', (byte)'K', 3, 4];

    private readonly string root;
    private readonly ModelUploadLimits limits;
    private readonly EntryNames names;
    private long received;

    internal ModelParcel(string root, ModelUploadLimits limits)
    {
        this.root = root;
        this.limits = limits;
        names = new EntryNames(limits);
        Directory.CreateDirectory(Files);
    }

    /// <summary>Where the unpacked files lie.</summary>
    internal string Files => Path.Combine(root, "files");

    /// <summary>Adds one file.</summary>
    /// <param name="name">Relative path with <c>/</c>. Hostile.</param>
    /// <param name="content">Its content.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="ProblemException"><c>entry-name-invalid</c>; <c>entry-duplicate</c>; <c>entry-nested-archive</c>; <c>upload-too-many-entries</c>; <c>request-too-large</c>; <c>storage-full</c>.</exception>
    public async Task AddFileAsync(string name, Stream content, CancellationToken cancellationToken)
    {
        var target = Make(names.Add(name));
        received += await WriteAsync(content, target, name, limits.MaxBytes - received, TooLarge, null, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Adds the files of a zip archive. It is received whole first, since its directory lies at its end.</summary>
    /// <param name="content">The archive.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="ProblemException">As <see cref="AddFileAsync"/>; <c>entry-link</c>, <c>entry-encrypted</c>, <c>entry-method-unsupported</c>, <c>entry-bomb</c>, <c>entry-corrupt</c>; what is wrong with the archive's directory.</exception>
    public async Task AddZipAsync(Stream content, CancellationToken cancellationToken)
    {
        var file = Path.Combine(root, "upload.zip");
        received += await WriteAsync(content, file, null, limits.MaxBytes - received, TooLarge, null, cancellationToken).ConfigureAwait(false);
        var source = new FileDataSource(file, "upload.zip");
        if (source.Length == 0 || !await ZipDirectory.LooksLikeZipAsync(source, cancellationToken).ConfigureAwait(false))
        {
            throw new ProblemException("zip-corrupt", "The body is not a zip archive.");
        }

        var entries = await ZipDirectory.ReadAsync(source, limits.MaxEntries, MaxDirectoryBytes, cancellationToken).ConfigureAwait(false);
        var claimed = 0L;
        foreach (var entry in entries)
        {
            Check(entry);
            claimed = entry.Size <= limits.MaxBytes - claimed
                ? claimed + entry.Size
                : throw new ProblemException("entry-bomb", $"The entries up to this one unpack to more than {limits.MaxBytes} bytes.", EntryNames.Show(entry.Name));
        }

        foreach (var entry in entries)
        {
            await UnpackAsync(source, entry, cancellationToken).ConfigureAwait(false);
        }

        File.Delete(file);
    }

    /// <summary>The model's folder: where the files lie, or the one folder that holds them all, as a zip of a folder has it.</summary>
    internal string ModelFolder()
    {
        var folder = Files;
        return Directory.GetFiles(folder).Length == 0 && Directory.GetDirectories(folder) is [var only] && Path.GetFileName(only) != "onnx" ? only : folder;
    }

    /// <summary>Removes the folder.</summary>
    public void Dispose()
    {
        try
        {
            Directory.Delete(root, recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Someone looks at it (a virus scanner); the next sweep removes it.
        }
    }

    private ProblemException TooLarge() => new("request-too-large", $"A model may have {limits.MaxBytes} bytes.");

    private void Check(ZipEntry entry)
    {
        var (code, what) = entry switch
        {
            { Link: true } => ("entry-link", "The entry is a symbolic link; pack the file itself."),
            { Encrypted: true } => ("entry-encrypted", "The entry is encrypted."),
            { IsFolder: false, Method: not (0 or 8) } => ("entry-method-unsupported", $"The entry is compressed with method {entry.Method}; deflate and store are read."),
            _ when entry.Size > limits.RatioFloor && entry.Size > limits.MaxRatio * entry.CompressedSize => ("entry-bomb", $"The entry has {entry.CompressedSize} bytes and would unpack to {entry.Size}."),
            _ => (null, null),
        };
        if (code is not null)
        {
            throw new ProblemException(code, what!, EntryNames.Show(entry.Name));
        }
    }

    private async Task UnpackAsync(FileDataSource source, ZipEntry entry, CancellationToken cancellationToken)
    {
        if (entry.IsFolder)
        {
            names.AddFolder(entry.Name);
            return;
        }

        var target = Make(names.Add(entry.Name));
        var stored = await ZipContent.OpenAsync(source, entry, cancellationToken).ConfigureAwait(false) ?? throw Corrupt(entry, "there is no local header where the directory says");
        await using var closing = stored.ConfigureAwait(false);
        Stream content = entry.Method == 0 ? stored : new DeflateStream(stored, CompressionMode.Decompress);
        await using var closingContent = content.ConfigureAwait(false);
        var crc = new Crc32();
        try
        {
            // One byte more than claimed is a lie, whatever the limits.
            var written = await WriteAsync(content, target, entry.Name, entry.Size, () => Corrupt(entry, $"it has more than the {entry.Size} bytes that the directory says"), crc, cancellationToken).ConfigureAwait(false);
            if (written != entry.Size || crc.GetCurrentHashAsUInt32() != entry.Crc32)
            {
                throw Corrupt(entry, written != entry.Size ? $"it has {written} bytes where the directory says {entry.Size}" : "its CRC-32 does not match");
            }
        }
        catch (InvalidDataException)
        {
            throw Corrupt(entry, "it does not inflate");
        }
    }

    private static ProblemException Corrupt(ZipEntry entry, string what) => new("entry-corrupt", $"The entry is damaged: {what}.", EntryNames.Show(entry.Name));

    private string Make(string[] parts)
    {
        var target = Path.Combine([Files, .. parts]);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        return target;
    }

    private static async Task<long> WriteAsync(
        Stream content, string target, string? entry, long most, Func<ProblemException> tooLarge, Crc32? crc, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            var file = new FileStream(target, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.Asynchronous);
            await using var closing = file.ConfigureAwait(false);
            var total = 0L;
            while (true)
            {
                var read = await content.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
                if (total == 0 && entry is not null && buffer.AsSpan(0, read).StartsWith(ZipMagic))
                {
                    throw new ProblemException("entry-nested-archive", "The entry is a zip archive itself (PyTorch's .bin and .pt files are, too); only the files of an ONNX model are needed.", EntryNames.Show(entry));
                }

                if (read > most - total)
                {
                    throw tooLarge();
                }

                if (read == 0)
                {
                    return total;
                }

                crc?.Append(buffer.AsSpan(0, read));
                await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
                total += read;
            }
        }
        catch (IOException full) when (full.HResult is 28 or 122 || (full.HResult & 0xFFFF) is 112)
        {
            throw new ProblemException(new Problem("storage-full", "The disk is full; nothing was registered. Free some space and try again."), full);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
