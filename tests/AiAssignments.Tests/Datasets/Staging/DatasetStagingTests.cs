using System.IO.Compression;
using System.Text;
using AiAssignments.Core.Errors;
using AiAssignments.Evaluation.Datasets.Staging;
using AiAssignments.Tests.Datasets.Delimited;

namespace AiAssignments.Tests.Datasets.Staging;

public class DatasetStagingTests
{
    private static readonly byte[] Text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 20_000).Select(i => $"text number {i * 7919 % 10_007},{i % 3}\n")));

    [Theory]
    [InlineData("a.csv.gz", true, "a.csv")]
    [InlineData("a.TGZ", true, "a.tar")]
    [InlineData("named-otherwise", true, "named-otherwise")]
    [InlineData("a.csv.zst", false, "a.csv")]
    [InlineData("a.tzst", false, "a.tar")]
    public async Task Decompresses_what_its_content_says(string name, bool gzip, string staged)
    {
        var source = new MemoryDataSource(gzip ? Gzip(Text) : Zstandard(Text), name, 1000);
        using var destination = new MemoryStream();

        Assert.Equal(gzip ? StagingNeed.Gzip : StagingNeed.Zstandard, await DatasetStaging.InspectAsync(source, default));
        Assert.Equal(staged, await DatasetStaging.DecompressAsync(source, destination, StagingLimits.Default, null, default));
        Assert.Equal(Text, destination.ToArray());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Members_in_a_row_are_joined(bool gzip)
    {
        byte[] bytes = gzip ? [.. Gzip(Text), .. Gzip("more\n"u8.ToArray())] : [.. Zstandard(Text), .. Zstandard("more\n"u8.ToArray())];
        using var destination = new MemoryStream();
        await DatasetStaging.DecompressAsync(new MemoryDataSource(bytes), destination, StagingLimits.Default, null, default);

        Assert.Equal([.. Text, .. "more\n"u8], destination.ToArray());
    }

    [Fact]
    public async Task Optional_gzip_header_fields_and_padding_are_passed_over()
    {
        var plain = Gzip("text\n"u8.ToArray());
        byte[] bytes = [0x1F, 0x8B, 8, 0b1_1110, .. plain[4..10], 3, 0, 1, 2, 3, .. "name\0comment\0"u8, 9, 9, .. plain[10..], .. new byte[600]];
        using var destination = new MemoryStream();
        await DatasetStaging.DecompressAsync(new MemoryDataSource(bytes), destination, StagingLimits.Default, null, default);

        Assert.Equal("text\n"u8.ToArray(), destination.ToArray());
        Assert.Equal("archive-corrupt", await CodeAsync(new MemoryDataSource([.. bytes, 1]), StagingLimits.Default));
        Assert.Equal("archive-corrupt", await CodeAsync(new MemoryDataSource([.. plain, .. "more"u8]), StagingLimits.Default));
        Assert.Equal("archive-truncated", await CodeAsync(new MemoryDataSource([.. plain, .. plain[..^4]]), StagingLimits.Default));
    }

    [Fact]
    public async Task Many_small_members_are_joined()
    {
        var members = Enumerable.Range(0, 3000).SelectMany(i => Gzip(Encoding.UTF8.GetBytes($"member {i}\n"))).ToArray();
        using var destination = new MemoryStream();
        await DatasetStaging.DecompressAsync(new MemoryDataSource(members, "data", 5000), destination, StagingLimits.Default, null, default);

        Assert.Equal(string.Concat(Enumerable.Range(0, 3000).Select(i => $"member {i}\n")), Encoding.UTF8.GetString(destination.ToArray()));
    }

    [Theory]
    [InlineData("plain text")]
    [InlineData("")]
    [InlineData("\u001f")]
    [InlineData("PK\u0003\u0004")]
    public async Task Anything_else_needs_nothing(string text)
    {
        var source = new MemoryDataSource(text);
        Assert.Equal(StagingNeed.None, await DatasetStaging.InspectAsync(source, default));
        Assert.Equal("archive-not-compressed", await CodeAsync(source, StagingLimits.Default));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Cut_off_anywhere_it_is_truncated(bool gzip)
    {
        var bytes = gzip ? Gzip(Text) : Zstandard(Text);
        foreach (var length in new[] { 5, 11, 20, bytes.Length / 3, bytes.Length / 2, bytes.Length - 9, bytes.Length - 5, bytes.Length - 1 })
        {
            var problem = await Assert.ThrowsAsync<ProblemException>(() =>
                DatasetStaging.DecompressAsync(new MemoryDataSource(bytes[..length]), Stream.Null, StagingLimits.Default, null, default));
            Assert.Equal(("archive-truncated", $"byte {length}"), (problem.Problem.Code, problem.Problem.Where));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Damage_is_never_data(bool gzip)
    {
        var bytes = gzip ? Gzip(Text) : Zstandard(Text);
        var random = new Random(1);
        for (var i = 0; i < 60; i++)
        {
            var damaged = bytes.ToArray();
            damaged[random.Next(gzip ? 10 : 6, damaged.Length)] ^= (byte)(1 << random.Next(8));
            using var destination = new MemoryStream();
            try
            {
                await DatasetStaging.DecompressAsync(new MemoryDataSource(damaged), destination, StagingLimits.Default, null, default);
                Assert.Equal(Text, destination.ToArray());
            }
            catch (ProblemException problem)
            {
                Assert.Contains(problem.Problem.Code, new[] { "archive-corrupt", "archive-truncated", "archive-bomb" });
            }
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Bombs_are_stopped(bool gzip)
    {
        var zeros = new byte[8 * 1024 * 1024];
        var source = new MemoryDataSource(gzip ? Gzip(zeros) : Zstandard(zeros), "data", 100);

        Assert.Equal("archive-bomb", await CodeAsync(source, new StagingLimits { MaxBytes = 1_000_000 }));
        Assert.Equal("archive-bomb", await CodeAsync(source, new StagingLimits { RatioFloor = 1_000_000 }));
        await DatasetStaging.DecompressAsync(source, Stream.Null, StagingLimits.Default, null, default);
    }

    /// <summary>The first vector is XXH128 of no input with seed 0, as published in the algorithm's specification (99aa06d3014798d86001c324468d497f).</summary>
    [Theory]
    [InlineData("", "xxh128:99aa06d3014798d86001c324468d497f")]
    public async Task Hash_of_content(string text, string hash)
    {
        Assert.Equal(hash, await ContentHash.ComputeAsync(new MemoryDataSource(text), null, default));
    }

    [Fact]
    public async Task Hash_does_not_depend_on_pieces_and_depends_on_every_byte()
    {
        var hash = await ContentHash.ComputeAsync(new MemoryDataSource(Text), null, default);
        var changed = Text.ToArray();
        changed[^1] ^= 1;

        Assert.Equal(hash, await ContentHash.ComputeAsync(new MemoryDataSource(Text, "data", 777), null, default));
        Assert.NotEqual(hash, await ContentHash.ComputeAsync(new MemoryDataSource(changed), null, default));
    }

    private static async Task<string> CodeAsync(MemoryDataSource source, StagingLimits limits) => (await Assert.ThrowsAsync<ProblemException>(() =>
        DatasetStaging.DecompressAsync(source, Stream.Null, limits, null, default))).Problem.Code;

    private static byte[] Gzip(byte[] bytes)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.SmallestSize))
        {
            gzip.Write(bytes);
        }

        return compressed.ToArray();
    }

    private static byte[] Zstandard(byte[] bytes)
    {
        using var compressed = new MemoryStream();
        using (var zstd = new ZstdSharp.CompressionStream(compressed, 3))
        {
            zstd.SetParameter(ZstdSharp.Unsafe.ZSTD_cParameter.ZSTD_c_checksumFlag, 1);
            zstd.Write(bytes);
        }

        return compressed.ToArray();
    }
}
