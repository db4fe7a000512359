using System.Buffers;
using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace AiAssignments.Azure.Blobs;

/// <summary>
/// Takes a blob's bytes and stages them in blocks, which nobody sees before <see cref="CommitAsync"/>; what is never committed the service forgets.
/// A blob of one block is put in one request. The memory it needs is some blocks, whatever the length.
/// </summary>
internal sealed class BlockWriter(BlockBlobClient blob, string path, BlobTuning tuning, CancellationToken cancellationToken) : Stream
{
    private const int FirstBytes = 64 << 10;

    private readonly BlockIds ids = new();
    private readonly List<string> blocks = [];
    private readonly Queue<Task> staging = new();
    private byte[] buffer = ArrayPool<byte>.Shared.Rent(Math.Min(FirstBytes, tuning.BlockBytes));
    private int filled;
    private long length;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => length;

    public override long Position
    {
        get => length;
        set => throw new NotSupportedException();
    }

    /// <summary>Ids of the blocks so far; all of them once committed.</summary>
    public IReadOnlyList<string> Blocks => blocks;

    /// <summary>Makes what was written the blob, if the conditions hold.</summary>
    public async Task<Response<BlobContentInfo>> CommitAsync(BlobRequestConditions? conditions)
    {
        // Under a condition always in blocks: by their ids it is known again whether it was this writer who wrote what is there.
        if (blocks.Count == 0 && (conditions is null || filled == 0))
        {
            using var whole = new MemoryStream(buffer, 0, filled, writable: false);
            return await blob.UploadAsync(whole, new BlobUploadOptions { Conditions = conditions }, cancellationToken).ConfigureAwait(false);
        }

        if (filled > 0)
        {
            Stage();
        }

        await Task.WhenAll(staging).ConfigureAwait(false);
        return await blob.CommitBlockListAsync(blocks, new CommitBlockListOptions { Conditions = conditions }, cancellationToken).ConfigureAwait(false);
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> source, CancellationToken token = default)
    {
        token.ThrowIfCancellationRequested();
        while (source.Length > 0)
        {
            source = source[Take(source.Span)..];
            while (staging.Count > tuning.Parallel)
            {
                await staging.Dequeue().ConfigureAwait(false);
            }
        }
    }

    public override Task WriteAsync(byte[] source, int offset, int count, CancellationToken token) => WriteAsync(source.AsMemory(offset, count), token).AsTask();

    public override void Write(byte[] source, int offset, int count) => Write(source.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> source)
    {
        while (source.Length > 0)
        {
            source = source[Take(source)..];
            while (staging.Count > tuning.Parallel)
            {
                staging.Dequeue().GetAwaiter().GetResult();
            }
        }
    }

    public override void Flush()
    {
        // Nothing is there before all of it is.
    }

    public override Task FlushAsync(CancellationToken token) => Task.CompletedTask;

    public override int Read(byte[] target, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        // Never a buffer to the pool that something still sends from.
        await Task.WhenAll(staging).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Release();
        await base.DisposeAsync().ConfigureAwait(false);
    }

    private int Take(ReadOnlySpan<byte> source)
    {
        if (filled == buffer.Length && buffer.Length < tuning.BlockBytes)
        {
            Grow();
        }

        var taken = Math.Min(source.Length, Math.Min(buffer.Length, tuning.BlockBytes) - filled);
        source[..taken].CopyTo(buffer.AsSpan(filled));
        filled += taken;
        length += taken;

        // A full block waits for the byte after it: a blob of just one block needs one request.
        if (taken < source.Length && filled == tuning.BlockBytes)
        {
            Stage();
        }

        return taken;
    }

    private void Grow()
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Min(buffer.Length * 4, tuning.BlockBytes));
        buffer.AsSpan(0, filled).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }

    private void Stage()
    {
        var id = ids.Next();
        blocks.Add(id);
        staging.Enqueue(StageAsync(id, buffer, filled));
        buffer = ArrayPool<byte>.Shared.Rent(tuning.BlockBytes);
        filled = 0;
    }

    private async Task StageAsync(string id, byte[] content, int count)
    {
        try
        {
            using var body = new MemoryStream(content, 0, count, writable: false);
            await BlobFaults.CallAsync(path, () => blob.StageBlockAsync(id, body, cancellationToken: cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(content);
        }
    }

    private void Release()
    {
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = [];
            filled = 0;
        }
    }
}
