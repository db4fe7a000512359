using System.Globalization;
using System.Net;
using System.Text;

namespace AiAssignments.Benchmarks.Uploads;

/// <summary>A range of a CSV file of any length, made once and sent again and again: the client must not be what is measured.</summary>
internal sealed class RowContent : HttpContent
{
    private const int BlockBytes = 1 << 20;
    private readonly long offset;
    private readonly long length;
    private readonly byte[] block;

    public RowContent(long offset, long length, int seed)
    {
        this.offset = offset;
        this.length = length;

        // One row a block's length at most; the seed stands in each, so that no two files are the same.
        var text = new StringBuilder("text,label\n");
        for (var i = 0; text.Length < BlockBytes - 100; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"\"row {i} of file {seed}, good\",{(i % 2 == 0 ? "positive" : "negative")}\n");
        }

        text.Append(' ', BlockBytes - text.Length - 10).Append(",positive\n");
        block = Encoding.ASCII.GetBytes(text.ToString());
    }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        for (var at = offset; at < offset + length;)
        {
            var within = (int)(at % BlockBytes);
            var count = (int)Math.Min(BlockBytes - within, offset + length - at);
            await stream.WriteAsync(block.AsMemory(within, count)).ConfigureAwait(false);
            at += count;
        }
    }

    protected override bool TryComputeLength(out long computed)
    {
        computed = length;
        return true;
    }
}
