using System.IO.Hashing;
using AiAssignments.Core.Errors;
using AiAssignments.Embedded.Blobs;
using AiAssignments.Pipeline.Uploads;
using AiAssignments.Tests.Support;

namespace AiAssignments.Tests.Uploads;

public sealed class PieceReceiverTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData((1 << 20) - 1)]
    [InlineData(1 << 20)]
    [InlineData((5 << 20) + 17)]
    public async Task Bytes_arrive_in_order_and_are_acknowledged_only_when_durable(int length)
    {
        using var folder = new TemporaryFolder();
        var store = new FolderBlobStore(folder.Path);
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        var hash = new XxHash128();
        var acknowledged = new List<long>();
        var id = new string('1', 32);
        await using (var blob = await store.OpenGrowingAsync(id, 0, CancellationToken.None))
        {
            var receiver = new PieceReceiver(blob, hash, null, 1 << 20, at =>
            {
                acknowledged.Add(at);
                return Task.CompletedTask;
            });
            Assert.True(await receiver.ReceiveAsync(new MemoryStream(bytes), long.MaxValue, CancellationToken.None));
            Assert.Equal(length, blob.Length);
        }

        Assert.Equal(length, acknowledged[^1]);
        Assert.Equal(acknowledged.Order(), acknowledged);
        Assert.Equal(XxHash128.Hash(bytes), hash.GetCurrentHash());
        if (length > 0)
        {
            await store.AdoptAsync(id, "a/b", CancellationToken.None);
            Assert.Equal(bytes, await File.ReadAllBytesAsync(store.FilePath("a/b")));
            Assert.Empty(store.ListGrowing());
        }
    }

    [Fact]
    public async Task What_lies_beyond_the_acknowledged_is_cut_and_what_is_missing_is_said()
    {
        using var folder = new TemporaryFolder();
        var store = new FolderBlobStore(folder.Path);
        var id = new string('2', 32);
        await using (var blob = await store.OpenGrowingAsync(id, 0, CancellationToken.None))
        {
            await blob.AppendAsync("0123456789"u8.ToArray(), CancellationToken.None);
        }

        await using (var blob = await new FolderBlobStore(folder.Path).OpenGrowingAsync(id, 4, CancellationToken.None))
        {
            await blob.AppendAsync("ab"u8.ToArray(), CancellationToken.None);
        }

        var source = store.FindGrowing(id, "x")!;
        Assert.Equal(6, source.Length);
        var lost = await Assert.ThrowsAsync<ProblemException>(() => store.OpenGrowingAsync(id, 7, CancellationToken.None));
        Assert.Equal("upload-lost", lost.Problem.Code);
        await Assert.ThrowsAsync<ProblemException>(() => store.OpenGrowingAsync(new string('3', 32), 1, CancellationToken.None));
        await Assert.ThrowsAsync<ArgumentException>(() => store.OpenGrowingAsync("../../etc/passwd", 0, CancellationToken.None));

        // Growing blobs are no blobs: not listed, not found, not read.
        var listed = new List<string>();
        await foreach (var blob in store.ListAsync(string.Empty, CancellationToken.None))
        {
            listed.Add(blob.Path);
        }

        Assert.Empty(listed);
        Assert.True(await store.DeleteGrowingAsync(id, CancellationToken.None));
        Assert.False(await store.DeleteGrowingAsync(id, CancellationToken.None));
    }
}
