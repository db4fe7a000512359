using AiAssignments.Core.Errors;
using AiAssignments.Core.Storage;

namespace AiAssignments.Tests.Embedded.Contracts;

/// <summary>What every store does that receives blobs in pieces.</summary>
public abstract class GrowingBlobStoreContract
{
    private const string Id = "0123456789abcdef0123456789abcdef";

    protected abstract IGrowingBlobStore Store { get; }

    [Fact]
    public async Task It_grows_over_several_openings_and_gets_its_place()
    {
        var bytes = Bytes((11 << 20) + 5);
        await AppendAsync(0, bytes[..(5 << 20)]);
        await AppendAsync(5 << 20, bytes[(5 << 20)..(6 << 20)]);
        await AppendAsync(6 << 20, bytes[(6 << 20)..]);

        Assert.Equal(bytes.Length, Store.FindGrowing(Id, "n")!.Length);
        Assert.Equal(bytes, await GrowingBytesAsync());
        Assert.Equal([Id], Store.ListGrowing());
        Assert.Empty(await Store.ListAsync(string.Empty, default).ToListAsync());

        var facts = await Store.AdoptAsync(Id, "staged/x", default);

        Assert.Equal(new BlobFacts("staged/x", bytes.Length, facts.ETag, facts.LastModified), await Store.FindAsync("staged/x", default));
        Assert.Equal(bytes, await BytesOfAsync(await Store.OpenReadAsync("staged/x", 0, null, default)));
        Assert.Null(Store.FindGrowing(Id, "n"));
        Assert.Empty(Store.ListGrowing());
        Assert.False(await Store.DeleteGrowingAsync(Id, default));
    }

    [Fact]
    public async Task What_lies_beyond_the_known_length_is_cut_off()
    {
        var bytes = Bytes(3000);
        await using (var blob = await Store.OpenGrowingAsync(Id, 0, default))
        {
            await blob.AppendAsync(bytes.AsMemory(0, 1000), default);
            await blob.FlushAsync(default);
            await blob.AppendAsync(bytes.AsMemory(1000, 1000), default);
            await blob.FlushAsync(default);
        }

        await AppendAsync(1000, bytes[2000..]);
        byte[] expected = [.. bytes[..1000], .. bytes[2000..]];
        Assert.Equal(expected, await GrowingBytesAsync());

        // Not where a flush was.
        await AppendAsync(500, bytes[..10]);
        expected = [.. bytes[..500], .. bytes[..10]];
        Assert.Equal(expected, await GrowingBytesAsync());

        await AppendAsync(0, bytes[..7]);
        Assert.Equal(bytes[..7], await GrowingBytesAsync());
    }

    [Fact]
    public async Task Fewer_bytes_than_are_known_are_a_loss()
    {
        await LostAsync(() => Store.OpenGrowingAsync(Id, 1, default));
        await AppendAsync(0, Bytes(100));
        await LostAsync(() => Store.OpenGrowingAsync(Id, 101, default));
        Assert.True(await Store.DeleteGrowingAsync(Id, default));
        await LostAsync(() => Store.OpenGrowingAsync(Id, 100, default));
        await LostAsync(() => Store.AdoptAsync(Id, "a", default));
        Assert.Null(Store.FindGrowing(Id, "n"));

        static async Task LostAsync(Func<Task> act) => Assert.Equal("upload-lost", (await Assert.ThrowsAsync<ProblemException>(act)).Problem.Code);
    }

    [Fact]
    public async Task Flushes_beside_appends_keep_the_order()
    {
        var bytes = Bytes(10 << 20);
        await using (var blob = await Store.OpenGrowingAsync(Id, 0, default))
        {
            var flush = Task.CompletedTask;
            for (var start = 0; start < bytes.Length; start += 300_000)
            {
                await blob.AppendAsync(bytes.AsMemory(start, Math.Min(300_000, bytes.Length - start)), default);
                if (flush.IsCompleted)
                {
                    await flush;
                    flush = blob.FlushAsync(default);
                }
            }

            await flush;
            await blob.FlushAsync(default);
            Assert.Equal(bytes.Length, blob.Length);
        }

        Assert.Equal(bytes, await GrowingBytesAsync());
    }

    [Fact]
    public async Task One_takes_the_place_of_a_blob_that_is_there()
    {
        await Store.WriteAsync("a", (stream, token) => stream.WriteAsync(Bytes(10), token).AsTask(), default);
        await AppendAsync(0, Bytes(20));
        await Store.AdoptAsync(Id, "a", default);

        Assert.Equal(Bytes(20), await BytesOfAsync(await Store.OpenReadAsync("a", 0, null, default)));
    }

    [Fact]
    public async Task Only_those_are_listed_that_nobody_touched_since()
    {
        await AppendAsync(0, Bytes(20));

        Assert.Empty(Store.ListGrowing(DateTimeOffset.UtcNow.AddHours(-1)));
        Assert.Equal([Id], Store.ListGrowing(DateTimeOffset.UtcNow.AddHours(1)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("../../etc/passwd")]
    [InlineData("0123456789ABCDEF0123456789ABCDEF")]
    public async Task An_id_that_is_none_is_refused(string id)
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Store.OpenGrowingAsync(id, 0, default));
        Assert.Throws<ArgumentException>(() => Store.FindGrowing(id, "n"));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.AdoptAsync(id, "a", default));
    }

    private async Task AppendAsync(long at, byte[] bytes)
    {
        await using var blob = await Store.OpenGrowingAsync(Id, at, default);
        await blob.AppendAsync(bytes, default);
        await blob.FlushAsync(default);
        Assert.Equal(at + bytes.Length, blob.Length);
    }

    private async Task<byte[]> GrowingBytesAsync() => await BytesOfAsync(await Store.FindGrowing(Id, "n")!.OpenReadAsync(0, null, default));

    private static async Task<byte[]> BytesOfAsync(Stream stream)
    {
        await using (stream)
        {
            using var bytes = new MemoryStream();
            await stream.CopyToAsync(bytes);
            return bytes.ToArray();
        }
    }

    private static byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        new Random(count).NextBytes(bytes);
        return bytes;
    }
}
