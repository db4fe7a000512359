using System.Buffers;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Storage;
using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace AiAssignments.Azure.Blobs.Growing;

/// <summary>
/// A block blob that is committed again with each flush, a little longer. Blocks end where flushes were asked for, so that it can be cut there later.
/// Each commit asks that nobody has committed meanwhile: of two processes that go on with one upload, the second is told.
/// </summary>
internal sealed class GrowingBlob : IGrowingBlob
{
    private readonly BlockBlobClient blob;
    private readonly BlobTuning tuning;
    private readonly BlockIds ids = new();
    private readonly List<string> blocks;
    private readonly Queue<(string Id, byte[] Bytes, int Count)> cut = new();

    // A commit forgets the blocks that are staged beside it and not in its list: staging and committing take turns.
    private readonly SemaphoreSlim turn = new(1, 1);
    private readonly Lock gate = new();
    private byte[] buffer;
    private int filled;
    private ETag etag;
    private int committed;
    private bool disposed;

    public GrowingBlob(BlockBlobClient blob, BlobTuning tuning, List<string> blocks, long length, ReadOnlySpan<byte> rest, ETag etag)
    {
        this.blob = blob;
        this.tuning = tuning;
        this.blocks = blocks;
        this.etag = etag;
        committed = rest.Length == 0 ? blocks.Count : -1;
        buffer = ArrayPool<byte>.Shared.Rent(tuning.BlockBytes);
        rest.CopyTo(buffer);
        filled = rest.Length;
        Length = length;
    }

    public long Length { get; private set; }

    public async ValueTask AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        while (bytes.Length > 0)
        {
            bool full;
            lock (gate)
            {
                ObjectDisposedException.ThrowIf(disposed, this);
                var taken = Math.Min(bytes.Length, tuning.BlockBytes - filled);
                bytes.Span[..taken].CopyTo(buffer.AsSpan(filled));
                filled += taken;
                Length += taken;
                bytes = bytes[taken..];
                full = filled == tuning.BlockBytes;
                if (full)
                {
                    Cut();
                }
            }

            if (full)
            {
                await InTurnAsync(StageAsync).ConfigureAwait(false);
            }
        }
    }

    public Task FlushAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            if (filled > 0)
            {
                Cut();
            }
        }

        return InTurnAsync(CommitAsync).WaitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await turn.WaitAsync().ConfigureAwait(false);
        lock (gate)
        {
            if (!disposed)
            {
                disposed = true;
                ArrayPool<byte>.Shared.Return(buffer);
                while (cut.TryDequeue(out var block))
                {
                    ArrayPool<byte>.Shared.Return(block.Bytes);
                }
            }
        }

        turn.Release();
    }

    private void Cut()
    {
        cut.Enqueue((ids.Next(), buffer, filled));
        buffer = ArrayPool<byte>.Shared.Rent(tuning.BlockBytes);
        filled = 0;
    }

    private async Task InTurnAsync(Func<Task> work)
    {
        await turn.WaitAsync().ConfigureAwait(false);
        try
        {
            await BlobFaults.CallAsync(
                blob.Name,
                async () =>
                {
                    await work().ConfigureAwait(false);
                    return true;
                },
                CancellationToken.None).ConfigureAwait(false);
        }
        catch (ProblemException conflict) when (conflict.Problem.Code == "blob-conflict")
        {
            throw Locked(conflict);
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task StageAsync()
    {
        while (true)
        {
            (string Id, byte[] Bytes, int Count) block;
            lock (gate)
            {
                if (!cut.TryPeek(out block))
                {
                    return;
                }
            }

            using var body = new MemoryStream(block.Bytes, 0, block.Count, writable: false);
            await blob.StageBlockAsync(block.Id, body).ConfigureAwait(false);
            lock (gate)
            {
                // Only now: one that could not be staged is staged before those after it, when it is tried again.
                cut.Dequeue();
                blocks.Add(block.Id);
            }

            ArrayPool<byte>.Shared.Return(block.Bytes);
        }
    }

    private async Task CommitAsync()
    {
        await StageAsync().ConfigureAwait(false);
        if (blocks.Count == committed)
        {
            return;
        }

        try
        {
            var options = new CommitBlockListOptions { Conditions = ContainerBlobs.Unchanged(ContainerBlobs.Tag(etag)) };
            etag = (await blob.CommitBlockListAsync(blocks, options).ConfigureAwait(false)).Value.ETag;
        }
        catch (RequestFailedException error) when (error.Status == 412)
        {
            // A commit whose answer was lost was sent again, and fails on what it did the first time.
            var there = await CommittedBlocks.FindAsync(blob, CancellationToken.None).ConfigureAwait(false);
            etag = there?.Are(blocks) == true ? there.ETag : throw Locked(error);
        }
        catch (RequestFailedException error) when (error.ErrorCode == BlobErrorCode.InvalidBlockList)
        {
            throw Locked(error);
        }

        committed = blocks.Count;
    }

    private static ProblemException Locked(Exception error) =>
        new(new Problem("upload-locked", "Another process has gone on with this upload; ask where it stands, and go on from there."), error) { RetryAfter = TimeSpan.FromSeconds(1) };
}
