using System.Text;
using AiAssignments.Core.Datasets;

namespace AiAssignments.Tests.Datasets.Delimited;

public class LongLineTests
{
    private const long LineBytes = 100L * 1024 * 1024;
    private const long MostAllocated = 64L * 1024 * 1024;

    [Theory]
    [InlineData("", ",pos\n")]
    [InlineData("\"", "\n\",pos\n")]
    public async Task A_line_of_100_MiB_is_passed_over_in_bounded_memory(string opens, string closes)
    {
        var rows = string.Concat(Enumerable.Range(0, 300).Select(i => $"a text with the number {i},{(i % 2 == 0 ? "pos" : "neg")}\n"));
        var source = new LongLineSource(Encoding.UTF8.GetBytes("text,label\n" + rows + opens), LineBytes, Encoding.UTF8.GetBytes(closes + "the last,neg\n"));

        // What other tests allocate meanwhile does not count; nothing here leaves the thread, since no read has to be waited for.
        var thread = Environment.CurrentManagedThreadId;
        var before = GC.GetAllocatedBytesForCurrentThread();
        var reading = await DatasetReading.OfAsync(source);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(thread, Environment.CurrentManagedThreadId);
        Assert.InRange(allocated, 0, MostAllocated);
        Assert.Equal(["record-too-large"], reading.Codes);
        Assert.Equal((300L, 302L), (reading.Errors[0].Position.Index, reading.Errors[0].Position.Line!.Value));
        Assert.Equal(301, reading.Records.Count);
        Assert.Equal("the last", ((TextRecord)reading.Records[^1]).Text);
    }
}
