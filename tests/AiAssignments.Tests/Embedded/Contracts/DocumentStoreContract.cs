using AiAssignments.Core.Errors;
using AiAssignments.Core.Storage;

namespace AiAssignments.Tests.Embedded.Contracts;

/// <summary>What every document store does; a store's test class derives from it.</summary>
public abstract class DocumentStoreContract
{
    protected abstract IDocumentStore Store { get; }

    [Fact]
    public async Task A_document_reads_back_in_its_own_container_and_partition()
    {
        var written = await Store.PutAsync("c", "p", "id", new Fact("x", 1.5, true, Colour.DarkRed), null, default);

        Assert.Equal(written, await Store.FindAsync<Fact>("c", "p", "id", default));
        Assert.Null(await Store.FindAsync<Fact>("c", "q", "id", default));
        Assert.Null(await Store.FindAsync<Fact>("d", "p", "id", default));
        Assert.Null(await Store.FindAsync<Fact>("c", "p", "other", default));
    }

    [Fact]
    public async Task Conditions_hold_or_the_write_is_refused()
    {
        var first = await Store.PutAsync("c", "p", "id", Some("1"), IDocumentStore.MustNotExist, default);
        await ConflictAsync(IDocumentStore.MustNotExist);
        var second = await Store.PutAsync("c", "p", "id", Some("2"), first.ETag, default);
        await ConflictAsync(first.ETag);
        Assert.Equal("2", (await Store.FindAsync<Fact>("c", "p", "id", default))!.Value.Name);
        Assert.True(await Store.DeleteAsync("c", "p", "id", default));
        await ConflictAsync(second.ETag);
        Assert.False(await Store.DeleteAsync("c", "p", "id", default));
        var again = await Store.PutAsync("c", "p", "id", Some("1"), IDocumentStore.MustNotExist, default);
        Assert.NotEqual(first.ETag, again.ETag);

        async Task ConflictAsync(string condition) => Assert.Equal(
            "document-conflict",
            (await Assert.ThrowsAsync<ProblemException>(() => Store.PutAsync("c", "p", "id", Some("x"), condition, default))).Problem.Code);
    }

    [Fact]
    public async Task Of_writers_at_once_with_one_etag_one_wins()
    {
        var start = await Store.PutAsync("c", "p", "id", Some("0"), null, default);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(() => Record.ExceptionAsync(() => Store.PutAsync("c", "p", "id", Some($"{i}"), start.ETag, default)))));

        Assert.Single(outcomes, outcome => outcome is null);
    }

    [Fact]
    public async Task Filters_hold_for_their_own_type_only()
    {
        foreach (var i in Enumerable.Range(0, 10))
        {
            await Store.PutAsync("c", "p", $"n{i}", new { name = $"name {i}", score = i / 10.0, good = i % 2 == 0, inner = new { depth = i } }, null, default);
        }

        await Store.PutAsync("c", "p", "text", new { name = "name x", score = "0.5", good = 1 }, null, default);
        await Store.PutAsync("c", "other", "n3", new { name = "name 3" }, null, default);

        Assert.Equal(["n3"], await IdsAsync(new DocumentFilter("name", "=", "name 3")));
        Assert.Equal(["n5", "n6", "n7", "n8", "n9"], await IdsAsync(new DocumentFilter("score", ">=", 0.5)));
        Assert.Equal(["text"], await IdsAsync(new DocumentFilter("score", "=", "0.5")));
        Assert.Equal(["n6", "n8"], await IdsAsync(new("score", ">", 0.5), new("good", "=", true)));
        Assert.Equal(["n0", "n1"], await IdsAsync(new DocumentFilter("inner.depth", "<", 2L)));
        Assert.Empty(await IdsAsync(new DocumentFilter("missing", "=", "x")));
    }

    [Theory]
    [InlineData("name') OR 1=1 --", "=")]
    [InlineData("a\"b", "=")]
    [InlineData("", "=")]
    [InlineData("a..b", "=")]
    [InlineData("name", "LIKE")]
    public async Task A_query_that_is_none_is_refused(string property, string operation) => Assert.Equal(
        "query-invalid",
        (await Assert.ThrowsAsync<ProblemException>(() => IdsAsync(new DocumentFilter(property, operation, "x")))).Problem.Code);

    [Theory]
    [InlineData(null, false)]
    [InlineData(null, true)]
    [InlineData("score", false)]
    [InlineData("score", true)]
    [InlineData("name", true)]
    public async Task Pages_give_each_document_once_while_others_come_in(string? order, bool descending)
    {
        var random = new Random(5);
        foreach (var i in Enumerable.Range(0, 57))
        {
            await Store.PutAsync("c", "p", $"old{i:00}", new { name = $"{random.Next(5)}", score = random.Next(4) }, null, default);
        }

        List<string> seen = [];
        var query = new DocumentQuery { OrderBy = order, Descending = descending, PageSize = 10 };
        do
        {
            var page = await Store.QueryAsync<Scored>("c", "p", query, default);
            seen.AddRange(page.Items.Select(item => item.Id));
            query = query with { Continuation = page.Continuation };
            await Store.PutAsync("c", "p", $"new{seen.Count:00}", new { name = $"{random.Next(5)}", score = random.Next(4) }, null, default);
        }
        while (query.Continuation is not null);

        Assert.Equal(seen.Count, seen.Distinct().Count());
        Assert.Equal(57, seen.Count(id => id.StartsWith("old", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_order_is_by_value_and_then_by_id()
    {
        foreach (var (id, score) in new[] { ("b", 2.5), ("a", 2.5), ("c", -1), ("d", 10) })
        {
            await Store.PutAsync("c", "p", id, new { score }, null, default);
        }

        var page = await Store.QueryAsync<Scored>("c", "p", new DocumentQuery { OrderBy = "score" }, default);

        Assert.Equal(["c", "a", "b", "d"], page.Items.Select(item => item.Id));
        Assert.Null(page.Continuation);
    }

    [Fact]
    public async Task A_continuation_of_another_query_is_refused()
    {
        foreach (var i in Enumerable.Range(0, 3))
        {
            await Store.PutAsync("c", "p", $"{i}", Some("x"), null, default);
        }

        var token = (await Store.QueryAsync<Fact>("c", "p", new DocumentQuery { PageSize = 1 }, default)).Continuation;
        foreach (var query in new[] { new DocumentQuery { Continuation = token, Descending = true }, new DocumentQuery { Continuation = "?" }, new DocumentQuery { Continuation = "e30" } })
        {
            Assert.Equal("continuation-invalid", (await Assert.ThrowsAsync<ProblemException>(() => Store.QueryAsync<Fact>("c", "p", query, default))).Problem.Code);
        }
    }

    private static Fact Some(string name) => new(name, 0, false, Colour.Blue);

    private async Task<List<string>> IdsAsync(params DocumentFilter[] filters)
    {
        var page = await Store.QueryAsync<object>("c", "p", new DocumentQuery { Filters = filters }, default);
        return [.. page.Items.Select(item => item.Id)];
    }

    protected sealed record Fact(string Name, double Score, bool Good, Colour Colour);

    protected sealed record Scored(double Score);

    protected enum Colour
    {
        Blue,
        DarkRed,
    }
}
