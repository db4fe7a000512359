using AiAssignments.Core.Errors;
using AiAssignments.Core.Storage;
using AiAssignments.Embedded.Folders;
using Microsoft.Win32.SafeHandles;

namespace AiAssignments.Embedded.Blobs;

/// <summary>A growing blob as a file.</summary>
internal sealed class GrowingFile : IGrowingBlob
{
    private readonly SafeFileHandle handle;

    public GrowingFile(string path, long length)
    {
        handle = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, FileOptions.Asynchronous);
        try
        {
            var there = RandomAccess.GetLength(handle);
            if (there < length)
            {
                throw new ProblemException("upload-lost", $"{length} bytes were received and {there} are there; send the file again from its start.");
            }

            if (there > length)
            {
                RandomAccess.SetLength(handle, length);
            }

            Length = length;
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    public long Length { get; private set; }

    public async ValueTask AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            await RandomAccess.WriteAsync(handle, bytes, Length, CancellationToken.None).ConfigureAwait(false);
            Length += bytes.Length;
        }
        catch (IOException exception) when (DiskErrors.IsFull(exception))
        {
            throw Full(exception);
        }
    }

    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.Run(() => RandomAccess.FlushToDisk(handle), cancellationToken).ConfigureAwait(false);
        }
        catch (IOException exception) when (DiskErrors.IsFull(exception))
        {
            throw Full(exception);
        }
    }

    public ValueTask DisposeAsync()
    {
        handle.Dispose();
        return ValueTask.CompletedTask;
    }

    private static ProblemException Full(IOException exception) =>
        new(new Problem("storage-full", "The disk is full; what was received is kept. Free some space and go on."), exception);
}
