using AiAssignments.Core.Errors;
using AiAssignments.Core.Storage;

namespace AiAssignments.Tests.Embedded.Contracts;

/// <summary>What every document store does; a store's test class derives from it.</summary>
public abstract class DocumentStoreContract
{
    protected abstract IDocumentStore Store { get; }

    [DocumentStoreFact]
    public async Task A_document_reads_back_in_its_own_container_and_partition()
    {
        var written = await Store.PutAsync("c", "p", "id", new Fact("x", 1.5, true, Colour.DarkRed), null, default);

        Assert.Equal(written, await Store.FindAsync<Fact>("c", "p", "id", default));
        Assert.Null(await Store.FindAsync<Fact>("c", "q", "id", default));
        Assert.Null(await Store.FindAsync<Fact>("d", "p", "id", default));
        Assert.Null(await Store.FindAsync<Fact>("c", "p", "other", default));
    }

    [DocumentStoreFact]
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

    [DocumentStoreFact]
    public async Task Many_are_deleted_and_what_is_not_there_is_passed_over()
    {
        foreach (var i in Enumerable.Range(0, 130))
        {
            await Store.PutAsync("c", "p", $"many/{i}", Some($"{i}"), null, default);
        }

        await Store.PutAsync("c", "q", "many/0", Some("other partition"), null, default);

        Assert.Equal(120, await Store.DeleteManyAsync("c", "p", [.. Enumerable.Range(0, 120).Select(i => $"many/{i}"), "many/7"], default));
        Assert.Equal(10, await Store.DeleteManyAsync("c", "p", [.. Enumerable.Range(100, 40).Select(i => $"many/{i}")], default));
        Assert.Equal(0, await Store.DeleteManyAsync("c", "p", [], default));

        Assert.Null(await Store.FindAsync<Fact>("c", "p", "many/129", default));
        Assert.NotNull(await Store.FindAsync<Fact>("c", "q", "many/0", default));
    }

    [DocumentStoreFact]
    public async Task Of_writers_at_once_with_one_etag_one_wins()
    {
        var start = await Store.PutAsync("c", "p", "id", Some("0"), null, default);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(() => Record.ExceptionAsync(() => Store.PutAsync("c", "p", "id", Some($"{i}"), start.ETag, default)))));

        Assert.Single(outcomes, outcome => outcome is null);
    }

    [DocumentStoreFact]
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

    [DocumentStoreTheory]
    [InlineData("name') OR 1=1 --", "=")]
    [InlineData("a\"b", "=")]
    [InlineData("", "=")]
    [InlineData("a..b", "=")]
    [InlineData("name", "LIKE")]
    public async Task A_query_that_is_none_is_refused(string property, string operation) => Assert.Equal(
        "query-invalid",
        (await Assert.ThrowsAsync<ProblemException>(() => IdsAsync(new DocumentFilter(property, operation, "x")))).Problem.Code);

    [DocumentStoreTheory]
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

    [DocumentStoreFact]
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

    [DocumentStoreFact]
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

    [DocumentStoreFact]
    public async Task Filters_and_conditions_take_whatever_is_in_them_as_data()
    {
        foreach (var (id, name) in new[] { ("1", "x' OR '1'='1"), ("2", "\"}) OR (1=1"), ("3", "@partition"), ("4", "\u0000\u001f\ud83d\ude00 ä") })
        {
            await Store.PutAsync("c", "p", id, Some(name), null, default);
            Assert.Equal([id], await IdsAsync(new DocumentFilter("name", "=", name)));
            Assert.Equal(name, (await Store.FindAsync<Fact>("c", "p", id, default))!.Value.Name);
        }

        foreach (var condition in new[] { "*", "\"*\"", "x\r\nIf-None-Match: *", "", "ä" })
        {
            Assert.Equal("document-conflict", (await Assert.ThrowsAsync<ProblemException>(() => Store.PutAsync("c", "p", "1", Some("y"), condition, default))).Problem.Code);
        }
    }

    [DocumentStoreTheory]
    [InlineData("topic@1.0.0")]
    [InlineData("a/b\\c?d#e")]
    [InlineData("~2F%2F+~ :;@&=$,'\"<>[]{}|^`")]
    [InlineData("Größe 模型 \ud83d\ude00")]
    [InlineData("..")]
    [InlineData("ends with a space ")]
    [InlineData("line\nbreak\ttab")]
    public async Task An_id_is_data(string id)
    {
        var written = await Store.PutAsync("c", "p", id, Some("x"), IDocumentStore.MustNotExist, default);

        Assert.Equal(written, await Store.FindAsync<Fact>("c", "p", id, default));
        Assert.Equal([id], (await Store.QueryAsync<Fact>("c", "p", new DocumentQuery(), default)).Items.Select(item => item.Id));
        written = await Store.PutAsync("c", "p", id, Some("y"), written.ETag, default);
        Assert.Equal(written, (await Store.QueryAsync<Fact>("c", "p", new DocumentQuery(), default)).Items.Single());
        Assert.True(await Store.DeleteAsync("c", "p", id, default));
        Assert.Null(await Store.FindAsync<Fact>("c", "p", id, default));
    }

    [DocumentStoreTheory]
    [InlineData(false, 1)]
    [InlineData(false, 3)]
    [InlineData(true, 2)]
    [InlineData(true, 100)]
    public async Task What_cannot_be_sorted_comes_before_booleans_numbers_and_strings(bool descending, int size)
    {
        var sorted = new (string Id, object Value)[]
        {
            ("absent 1", new { }), ("absent 2", new { other = 1 }), ("list", new { score = new[] { 1 } }), ("object", new { score = new { a = 1 } }),
            ("false", new { score = false }), ("true 1", new { score = true }), ("true 2", new { score = true }),
            ("minus", new { score = -1e300 }), ("half", new { score = 0.5 }), ("half 2", new { score = 0.5 }), ("seven", new { score = 7 }),
            ("empty", new { score = "" }), ("digit", new { score = "10" }), ("capital", new { score = "B" }), ("small", new { score = "a" }), ("umlaut", new { score = "ä" }),
        };
        foreach (var (id, value) in sorted.Reverse())
        {
            await Store.PutAsync("c", "p", id, value, null, default);
        }

        List<string> seen = [];
        var query = new DocumentQuery { OrderBy = "score", Descending = descending, PageSize = size };
        do
        {
            var page = await Store.QueryAsync<object>("c", "p", query, default);
            Assert.InRange(page.Items.Count, 1, size);
            seen.AddRange(page.Items.Select(item => item.Id));
            query = query with { Continuation = page.Continuation };
        }
        while (query.Continuation is not null);

        var expected = sorted.Select(item => item.Id);
        Assert.Equal(descending ? expected.Reverse() : expected, seen);
    }

    [DocumentStoreFact]
    public async Task Those_over_a_threshold_come_in_the_order_of_the_same_property()
    {
        foreach (var i in Enumerable.Range(0, 12))
        {
            await Store.PutAsync("c", "p", $"m{i:00}", new { name = i % 3 == 0 ? "b" : "a", quality = new { accuracy = i == 5 ? (double?)null : i / 20.0 } }, null, default);
        }

        List<string> seen = [];
        var query = new DocumentQuery
        {
            Filters = [new("name", "=", "a"), new("quality.accuracy", ">=", 0.2)],
            OrderBy = "quality.accuracy",
            Descending = true,
            PageSize = 2,
        };
        do
        {
            var page = await Store.QueryAsync<object>("c", "p", query, default);
            seen.AddRange(page.Items.Select(item => item.Id));
            query = query with { Continuation = page.Continuation };
        }
        while (query.Continuation is not null);

        Assert.Equal(["m11", "m10", "m08", "m07", "m04"], seen);
    }

    [DocumentStoreFact]
    public async Task Facts_come_back_as_they_were()
    {
        var facts = new[] { 0.1 + 0.2, double.Epsilon, double.MaxValue, -0.0, 1.0 / 3, double.NaN, double.NegativeInfinity, 9_007_199_254_740_991 };
        await Store.PutAsync("c", "p", "numbers", facts, null, default);
        var seeds = new[] { ulong.MaxValue, (1UL << 53) + 1, 1UL << 53, 42UL };
        var offsets = new[] { long.MinValue, -(1L << 53) - 1, -(1L << 53), -1L, long.MaxValue };
        await Store.PutAsync("c", "p", "seeds", seeds, null, default);
        await Store.PutAsync("c", "p", "offsets", offsets, null, default);
        await Store.PutAsync("c", "p", "text", new string('ä', 100_000), null, default);
        await Store.PutAsync("c", "p", "time", new DateTimeOffset(2026, 2, 3, 4, 5, 6, 789, TimeSpan.FromHours(1)), null, default);

        Assert.Equal(facts, (await Store.FindAsync<double[]>("c", "p", "numbers", default))!.Value);
        Assert.Equal(seeds, (await Store.FindAsync<ulong[]>("c", "p", "seeds", default))!.Value);
        Assert.Equal(offsets, (await Store.FindAsync<long[]>("c", "p", "offsets", default))!.Value);
        Assert.Equal(100_000, (await Store.FindAsync<string>("c", "p", "text", default))!.Value.Length);
        Assert.Equal(new DateTimeOffset(2026, 2, 3, 4, 5, 6, 789, TimeSpan.FromHours(1)), (await Store.FindAsync<DateTimeOffset>("c", "p", "time", default))!.Value);
        Assert.Equal("document-unreadable", (await Assert.ThrowsAsync<ProblemException>(() => Store.FindAsync<Fact>("c", "p", "numbers", default))).Problem.Code);
    }

    [DocumentStoreFact]
    public async Task Of_writers_at_once_that_make_a_document_one_wins()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(() => Record.ExceptionAsync(() => Store.PutAsync("c", "p", "id", Some($"{i}"), IDocumentStore.MustNotExist, default)))));

        Assert.Single(outcomes, outcome => outcome is null);
        Assert.Equal(15, outcomes.Count(outcome => outcome is ProblemException { Problem.Code: "document-conflict" }));
    }

    [DocumentStoreFact]
    public async Task A_query_that_asks_too_much_is_refused()
    {
        foreach (var query in new[]
        {
            new DocumentQuery { PageSize = 0 }, new DocumentQuery { PageSize = 1001 }, new DocumentQuery { OrderBy = "a] OR true" }, new DocumentQuery { OrderBy = string.Join('.', Enumerable.Repeat("a", 17)) },
            new DocumentQuery { Filters = [.. Enumerable.Repeat(new DocumentFilter("a", "=", "b"), 51)] }, new DocumentQuery { Filters = [new("a", "<", double.NaN)] }, new DocumentQuery { Filters = [new("a", "<", new object())] },
        })
        {
            Assert.Equal("query-invalid", (await Assert.ThrowsAsync<ProblemException>(() => Store.QueryAsync<Fact>("c", "p", query, default))).Problem.Code);
        }
    }

    [DocumentStoreFact]
    public async Task A_token_that_was_made_up_is_refused()
    {
        foreach (var i in Enumerable.Range(0, 3))
        {
            await Store.PutAsync("c", "p", $"{i}", Some("x"), null, default);
        }

        var token = (await Store.QueryAsync<Fact>("c", "p", new DocumentQuery { PageSize = 1, OrderBy = "name" }, default)).Continuation!;
        var bytes = System.Buffers.Text.Base64Url.DecodeFromChars(token);
        bytes[12] ^= 1;
        foreach (var made in new[] { "", "null", "W10", new string('A', 100_000), token[..^8], System.Buffers.Text.Base64Url.EncodeToString(bytes) })
        {
            var query = new DocumentQuery { Continuation = made, OrderBy = "name", PageSize = 1 };
            Assert.Equal("continuation-invalid", (await Assert.ThrowsAsync<ProblemException>(() => Store.QueryAsync<Fact>("c", "p", query, default))).Problem.Code);
        }
    }

    [DocumentStoreFact]
    public async Task A_call_that_was_given_up_does_nothing()
    {
        var stopped = new CancellationToken(canceled: true);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.PutAsync("c", "p", "id", Some("x"), null, stopped));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.FindAsync<Fact>("c", "p", "id", stopped));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.QueryAsync<Fact>("c", "p", new DocumentQuery(), stopped));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.DeleteAsync("c", "p", "id", stopped));
        Assert.Null(await Store.FindAsync<Fact>("c", "p", "id", default));
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
