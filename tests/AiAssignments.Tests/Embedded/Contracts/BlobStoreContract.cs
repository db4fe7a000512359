using System.Text;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Storage;

namespace AiAssignments.Tests.Embedded.Contracts;

/// <summary>What every blob store does; a store's test class derives from it.</summary>
public abstract class BlobStoreContract
{
    protected abstract IBlobStore Store { get; }

    [Theory]
    [InlineData("a")]
    [InlineData("a/b/c.json")]
    [InlineData("Mixed Case/with space/ä 漢字 🙂.csv")]
    [InlineData("..a/b../.hidden/~x/con/NUL.txt/lpt1")]
    [InlineData("per%cent/back\\slash/colon:star*?\"<>|+")]
    [InlineData("trailing./space /%2e%2e/%2F")]
    public async Task A_path_reads_back_and_is_listed_as_it_was_given(string path)
    {
        var written = await WriteAsync(path, "content");

        Assert.Equal(path, written.Path);
        Assert.Equal(7, written.Length);
        Assert.Equal("content", await ReadAsync(path));
        Assert.Equal(written, await Store.FindAsync(path, default));
        Assert.Equal([path], await ListAsync(string.Empty));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/a")]
    [InlineData("a//b")]
    [InlineData("a/")]
    [InlineData("..")]
    [InlineData("a/../../b")]
    [InlineData("a/./b")]
    [InlineData("a\nb")]
    [InlineData("a\0b")]
    public async Task A_path_that_is_none_is_refused(string path)
    {
        Assert.Equal("blob-path-invalid", (await Assert.ThrowsAsync<ProblemException>(() => WriteAsync(path, "x"))).Problem.Code);
        Assert.Equal("blob-path-invalid", (await Assert.ThrowsAsync<ProblemException>(() => Store.FindAsync(path, default))).Problem.Code);
        Assert.Empty(await ListAsync(string.Empty));
    }

    [Fact]
    public async Task Paths_that_look_alike_are_different_blobs()
    {
        string[] paths = ["A", "a", "a/A", "a/a", "é", "e\u0301", "a%41", "%61"];
        foreach (var path in paths)
        {
            await WriteAsync(path, path);
        }

        foreach (var path in paths)
        {
            Assert.Equal(path, await ReadAsync(path));
        }

        Assert.Equal(paths.Length, (await ListAsync(string.Empty)).Count);
    }

    [Fact]
    public async Task A_version_is_deleted_only_while_it_is_there()
    {
        var first = await WriteAsync("a/b", "1");
        var second = await WriteAsync("a/b", "1");

        Assert.False(await Store.DeleteAsync("a/b", first.ETag, default));
        Assert.Equal("1", await ReadAsync("a/b"));
        Assert.True(await Store.DeleteAsync("a/b", second.ETag, default));
        Assert.False(await Store.DeleteAsync("a/b", second.ETag, default));
        Assert.Empty(await ListAsync(string.Empty));
    }

    [Fact]
    public async Task The_listing_is_in_ordinal_order_and_keeps_to_the_prefix()
    {
        string[] paths = ["a", "a!", "a/b", "a/c/d", "a/c0", "a0", "ab", "B/x", "b/c", "b-c", "ä/x"];
        foreach (var path in paths.Reverse())
        {
            await WriteAsync(path, path);
        }

        Assert.Equal(paths.Order(StringComparer.Ordinal), await ListAsync(string.Empty));
        Assert.Equal(["a/b", "a/c/d", "a/c0"], await ListAsync("a/"));
        Assert.Equal(["a/c/d", "a/c0"], await ListAsync("a/c"));
        Assert.Equal(["a/c/d"], await ListAsync("a/c/"));
        Assert.Empty(await ListAsync("c"));
    }

    [Fact]
    public async Task Every_write_changes_the_etag()
    {
        HashSet<string> tags = [];
        for (var i = 0; i < 50; i++)
        {
            tags.Add((await WriteAsync("a", "same")).ETag);
        }

        Assert.Equal(50, tags.Count);
        Assert.Contains((await Store.FindAsync("a", default))!.ETag, tags);
    }

    [Fact]
    public async Task A_write_that_throws_changes_nothing()
    {
        var before = await WriteAsync("a", "old");

        await Assert.ThrowsAsync<InvalidDataException>(() => Store.WriteAsync("a", Broken, default));
        await Assert.ThrowsAsync<InvalidDataException>(() => Store.WriteAsync("b", Broken, default));

        Assert.Equal(before, await Store.FindAsync("a", default));
        Assert.Equal(["a"], await ListAsync(string.Empty));

        static async Task Broken(Stream stream, CancellationToken token)
        {
            await stream.WriteAsync(new byte[100_000], token);
            throw new InvalidDataException("broken");
        }
    }

    [Fact]
    public async Task A_reader_keeps_the_version_that_it_opened()
    {
        await WriteAsync("a", "old version");
        await using var stream = await Store.OpenReadAsync("a", 0, null, default);
        await WriteAsync("a", "new");
        using var reader = new StreamReader(stream);

        Assert.Equal("old version", await reader.ReadToEndAsync());
        Assert.Equal("new", await ReadAsync("a"));
    }

    [Fact]
    public async Task A_range_is_read_alone()
    {
        await WriteAsync("a", "0123456789");

        Assert.Equal("345", await ReadAsync("a", 3, 3));
        Assert.Equal("789", await ReadAsync("a", 7, null));
        Assert.Equal("89", await ReadAsync("a", 8, 100));
        Assert.Equal(string.Empty, await ReadAsync("a", 10, null));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Store.OpenReadAsync("a", 11, null, default));
    }

    [Fact]
    public async Task What_is_not_there_is_told()
    {
        await WriteAsync("a/b", "x");

        Assert.Null(await Store.FindAsync("a", default));
        Assert.Null(await Store.FindAsync("a/b/c", default));
        Assert.False(await Store.DeleteAsync("a", default));
        Assert.Equal("blob-not-found", (await Assert.ThrowsAsync<ProblemException>(() => Store.OpenReadAsync("a", 0, null, default))).Problem.Code);
        Assert.True(await Store.DeleteAsync("a/b", default));
        Assert.False(await Store.DeleteAsync("a/b", default));
        Assert.Empty(await ListAsync(string.Empty));
    }

    [Fact]
    public async Task Writers_and_deleters_at_once_leave_whole_blobs()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(seed => Task.Run(async () =>
        {
            var random = new Random(seed);
            for (var i = 0; i < 40; i++)
            {
                var path = $"x/{random.Next(3)}/y";
                if (random.Next(3) == 0)
                {
                    await Store.DeleteAsync(path, default);
                }
                else
                {
                    await WriteAsync(path, new string((char)('a' + seed), 20_000));
                }
            }
        })));

        foreach (var path in await ListAsync(string.Empty))
        {
            var text = await ReadAsync(path);
            Assert.Equal(20_000, text.Length);
            Assert.Single(text.Distinct());
        }
    }

    [Fact]
    public async Task A_large_blob_reads_back_whole_and_in_ranges()
    {
        var bytes = new byte[(9 << 20) + 17];
        new Random(20261123).NextBytes(bytes);
        var written = await WriteBytesAsync("a/large", bytes, 100_001);

        Assert.Equal(bytes.Length, written.Length);
        Assert.Equal(written, await Store.FindAsync("a/large", default));
        Assert.Equal(bytes, await ReadBytesAsync("a/large", 0, null));
        Assert.Equal(bytes[(4 << 20)..(5 << 20)], await ReadBytesAsync("a/large", 4 << 20, 1 << 20));
        Assert.Equal(bytes[(9 << 20)..], await ReadBytesAsync("a/large", 9 << 20, null));
    }

    [Fact]
    public async Task A_large_write_that_is_cancelled_or_throws_leaves_nothing()
    {
        using var cancelling = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.WriteAsync("a", CancelledAsync, cancelling.Token));
        await Assert.ThrowsAsync<InvalidDataException>(() => Store.WriteAsync("b", BrokenAsync, default));

        Assert.Null(await Store.FindAsync("a", default));
        Assert.Empty(await ListAsync(string.Empty));
        await WriteAsync("a", "and again");
        Assert.Equal("and again", await ReadAsync("a"));

        async Task CancelledAsync(Stream stream, CancellationToken token)
        {
            await stream.WriteAsync(new byte[9 << 20], token);
            await cancelling.CancelAsync();
        }

        static async Task BrokenAsync(Stream stream, CancellationToken token)
        {
            await stream.WriteAsync(new byte[9 << 20], token);
            throw new InvalidDataException("broken");
        }
    }

    [Fact]
    public async Task Of_large_writers_at_once_one_remains_whole()
    {
        await Task.WhenAll(Enumerable.Range(0, 4).Select(seed => Task.Run(async () =>
        {
            var bytes = new byte[9 << 20];
            bytes.AsSpan().Fill((byte)('a' + seed));
            await WriteBytesAsync("a", bytes, 1 << 20);
        })));

        var left = await ReadBytesAsync("a", 0, null);
        Assert.Equal(9 << 20, left.Length);
        Assert.True(left.AsSpan().IndexOfAnyExcept(left[0]) < 0, "The blob is made of two writers' bytes.");
    }

    [Fact]
    public async Task The_longest_path_is_taken_and_a_longer_one_refused()
    {
        var path = string.Join('/', Enumerable.Repeat(new string('n', 127), 8));
        Assert.Equal(1023, path.Length);
        await WriteAsync(path + "m", "x");

        Assert.Equal([path + "m"], await ListAsync(path[..200]));
        Assert.Equal("blob-path-invalid", (await Assert.ThrowsAsync<ProblemException>(() => WriteAsync(path + "mm", "x"))).Problem.Code);
    }

    protected Task<BlobFacts> WriteBytesAsync(string path, byte[] bytes, int piece) => Store.WriteAsync(
        path,
        async (stream, token) =>
        {
            for (var start = 0; start < bytes.Length; start += piece)
            {
                await stream.WriteAsync(bytes.AsMemory(start, Math.Min(piece, bytes.Length - start)), token);
            }
        },
        default);

    protected async Task<byte[]> ReadBytesAsync(string path, long offset, long? length)
    {
        await using var stream = await Store.OpenReadAsync(path, offset, length, default);
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes);
        return bytes.ToArray();
    }

    protected Task<BlobFacts> WriteAsync(string path, string text) =>
        Store.WriteAsync(path, (stream, token) => stream.WriteAsync(Encoding.UTF8.GetBytes(text), token).AsTask(), default);

    protected async Task<string> ReadAsync(string path, long offset = 0, long? length = null)
    {
        using var reader = new StreamReader(await Store.OpenReadAsync(path, offset, length, default));
        return await reader.ReadToEndAsync();
    }

    protected async Task<List<string>> ListAsync(string prefix)
    {
        List<string> paths = [];
        await foreach (var blob in Store.ListAsync(prefix, default))
        {
            paths.Add(blob.Path);
        }

        return paths;
    }
}
