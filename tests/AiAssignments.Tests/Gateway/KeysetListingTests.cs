using AiAssignments.Pipeline.Gateway;
using FsCheck.Xunit;

namespace AiAssignments.Tests.Gateway;

public sealed class KeysetListingTests
{
    [Property(MaxTest = 200)]
    public async Task Pages_of_any_size_make_the_sorted_list(int[] numbers, bool descending, byte size)
    {
        var items = numbers.Select((number, index) => new SortKey(number % 5, string.Empty, $"{index:D5}")).ToList();
        var expected = descending ? items.OrderDescending().ToList() : [.. items.Order()];
        var seen = new List<SortKey>();
        string? continuation = null;
        do
        {
            var request = new PageRequest("number", descending, 1 + (size % 7), continuation);
            var page = await KeysetListing.TakeAsync(items.ToAsyncEnumerable(), key => key, sorted: false, request, "print", CancellationToken.None);
            seen.AddRange(page.Items);
            continuation = page.Continuation;
        }
        while (continuation is not null);
        Assert.Equal(expected, seen);
    }

    [Fact]
    public async Task A_sorted_source_is_read_no_further_than_the_page_needs()
    {
        var read = 0;
        var source = Enumerable.Range(0, 10_000).Select(i => new SortKey(10_000 - i, string.Empty, $"{i:D5}")).Select(key =>
        {
            read++;
            return key;
        });
        var request = new PageRequest("number", Descending: true, 10, null);
        var page = await KeysetListing.TakeAsync(source.ToAsyncEnumerable(), key => key, sorted: true, request, "print", CancellationToken.None);
        Assert.Equal(10, page.Items.Count);
        Assert.Equal(12, read);
    }

    [Fact]
    public void Figures_keep_their_order()
    {
        double?[] figures = [null, double.NegativeInfinity, -2, -1.5, -double.Epsilon, 0, double.Epsilon, 0.25, 1, double.PositiveInfinity];
        var numbers = figures.Select(SortKey.OfFigure).ToList();
        Assert.Equal(numbers.Order(), numbers);
        Assert.Equal(figures.Length, numbers.Distinct().Count());
    }
}
