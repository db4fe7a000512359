using System.Buffers;
using System.IO.Hashing;
using AiAssignments.Core.Storage;

namespace AiAssignments.Pipeline.Uploads;

/// <summary>
/// Moves a body into a growing blob: while one buffer is written the other is filled, and while the disk syncs both go on.
/// The memory it needs is two buffers, whatever the length.
/// </summary>
/// <param name="blob">The blob; appended to.</param>
/// <param name="hash">Given every byte that was appended; <c>null</c>: none is kept.</param>
/// <param name="checksum">Given every byte of the piece; <c>null</c>: none was sent.</param>
/// <param name="syncEvery">Bytes between syncs.</param>
/// <param name="synced">Told the durable length after each sync. Never called twice at once.</param>
internal sealed class PieceReceiver(IGrowingBlob blob, XxHash128? hash, UploadChecksum? checksum, long syncEvery, Func<long, Task> synced)
{
    private const int BufferBytes = 1 << 20;

    /// <summary>Reads the body to its end, or until it has given so many bytes.</summary>
    /// <param name="body">The body.</param>
    /// <param name="most">Most bytes to take.</param>
    /// <param name="cancellationToken">Stops the reading; what was read is appended and synced all the same.</param>
    /// <returns>Whether the body ended in time; <c>false</c>: it has more than <paramref name="most"/> bytes.</returns>
    public async Task<bool> ReceiveAsync(Stream body, long most, CancellationToken cancellationToken)
    {
        var filling = ArrayPool<byte>.Shared.Rent(BufferBytes);
        var writing = ArrayPool<byte>.Shared.Rent(BufferBytes);
        var write = Task.CompletedTask;
        var sync = Task.CompletedTask;
        var unsynced = 0L;
        try
        {
            var taken = 0L;
            Exception? broken = null;
            while (broken is null && taken < most)
            {
                var (read, error) = await FillAsync(body, filling.AsMemory(0, (int)Math.Min(BufferBytes, most - taken)), cancellationToken).ConfigureAwait(false);
                broken = error;
                await write.ConfigureAwait(false);
                if (read == 0)
                {
                    break;
                }

                (filling, writing) = (writing, filling);
                write = AppendAsync(writing.AsMemory(0, read));
                taken += read;
                unsynced += read;
                if (unsynced >= syncEvery && sync.IsCompleted)
                {
                    await sync.ConfigureAwait(false);
                    await write.ConfigureAwait(false);
                    sync = SyncAsync(blob.Length);
                    unsynced = 0;
                }
            }

            await write.ConfigureAwait(false);
            await sync.ConfigureAwait(false);
            if (broken is null && taken == most)
            {
                (var beyond, broken) = await FillAsync(body, filling.AsMemory(0, 1), cancellationToken).ConfigureAwait(false);
                if (beyond > 0)
                {
                    // Not what was announced, so not to be acknowledged.
                    return false;
                }
            }

            await SyncAsync(blob.Length).ConfigureAwait(false);
            if (broken is not null)
            {
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(broken);
            }

            return true;
        }
        finally
        {
            // Never a buffer to the pool, nor the blob to its end, that something still writes from.
            await Task.WhenAll(write, sync).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ArrayPool<byte>.Shared.Return(filling);
            ArrayPool<byte>.Shared.Return(writing);
        }
    }

    // What came before a connection broke is worth keeping.
    private static async Task<(int Read, Exception? Broken)> FillAsync(Stream body, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var filled = 0;
        try
        {
            while (filled < buffer.Length)
            {
                var read = await body.ReadAsync(buffer[filled..], cancellationToken).ConfigureAwait(false);
                if (read == 0)
                {
                    break;
                }

                filled += read;
            }

            return (filled, null);
        }
        catch (Exception error)
        {
            return (filled, error);
        }
    }

    private async Task AppendAsync(ReadOnlyMemory<byte> bytes)
    {
        // Off the thread that reads the connection: hashing and copying into the page cache take as long as the network does.
        await Task.Yield();
        await blob.AppendAsync(bytes, CancellationToken.None).ConfigureAwait(false);
        hash?.Append(bytes.Span);
        checksum?.Append(bytes.Span);
    }

    private async Task SyncAsync(long length)
    {
        await blob.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        await synced(length).ConfigureAwait(false);
    }
}
