using System.IO.Compression;
using AiAssignments.Core.Errors;
using AiAssignments.Pipeline.Samples;
using AiAssignments.Tests.Support;

namespace AiAssignments.Tests.Samples;

public class IdxFileTests
{
    private static readonly byte[] TwoByThree = [0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 10, 11, 12, 13, 14, 15];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Sizes_and_values_are_read_plain_or_gzipped(bool gzip)
    {
        var (sizes, values) = await ReadAsync(gzip ? Gzip(TwoByThree) : TwoByThree);

        Assert.Equal([2, 3], sizes);
        Assert.Equal([10, 11, 12, 13, 14, 15], values);
    }

    [Theory]
    [InlineData("", "idx-truncated")]
    [InlineData("000008", "idx-truncated")]
    [InlineData("0000080200000002", "idx-truncated")]
    [InlineData("00000801000000050A0B", "idx-truncated")]
    [InlineData("00000801000000020A0B0C", "idx-invalid")]
    [InlineData("00000D01000000010A0B0C0D", "idx-invalid")]
    [InlineData("0000080000", "idx-invalid")]
    [InlineData("0000080500", "idx-invalid")]
    [InlineData("0000080100000000", "idx-invalid")]
    [InlineData("00000801FFFFFFFF", "idx-too-large")]
    [InlineData("0000080400010000000100000001000000010000", "idx-too-large")]
    [InlineData("89504E470D0A1A0A", "idx-invalid")]
    public async Task What_is_not_IDX_is_refused_with_a_reason(string hex, string code)
    {
        var refused = await Assert.ThrowsAsync<ProblemException>(() => ReadAsync(Convert.FromHexString(hex)));

        Assert.Equal(code, refused.Problem.Code);
    }

    [Fact]
    public async Task A_header_that_promises_much_allocates_little()
    {
        // 200 MB promised, 3 bytes there.
        var before = GC.GetTotalAllocatedBytes();
        var refused = await Assert.ThrowsAsync<ProblemException>(() => ReadAsync(Convert.FromHexString("000008010C000000AABBCC")));

        Assert.Equal("idx-truncated", refused.Problem.Code);
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 64L << 20);
    }

    [Fact]
    public async Task Damaged_gzip_is_refused()
    {
        var gzip = Gzip([.. TwoByThree, .. new byte[500]]);
        gzip[12] ^= 0xFF;

        var refused = await Assert.ThrowsAsync<ProblemException>(() => ReadAsync(gzip));

        Assert.StartsWith("idx-", refused.Problem.Code, StringComparison.Ordinal);
    }

    private static async Task<(int[] Sizes, byte[] Values)> ReadAsync(byte[] content)
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllBytesAsync(folder.File("x"), content);
        return await IdxFile.ReadAsync(folder.File("x"), CancellationToken.None);
    }

    private static byte[] Gzip(byte[] content)
    {
        using var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.Fastest))
        {
            gzip.Write(content);
        }

        return target.ToArray();
    }
}
