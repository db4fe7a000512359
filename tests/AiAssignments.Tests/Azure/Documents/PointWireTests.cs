using AiAssignments.Core.Errors;
using AiAssignments.Core.Storage;

namespace AiAssignments.Tests.Azure.Documents;

/// <summary>Requests and answers of point operations, as learn.microsoft.com/rest/api/cosmos-db documents them.</summary>
public sealed class PointWireTests
{
    [Fact]
    public async Task A_read_names_the_document_and_its_partition_with_a_token()
    {
        using var wire = new CosmosWire { Answer = _ => CosmosWire.Item("a~2Fb", "{\"x\":1}") };
        using var store = wire.Open();

        var found = await store.FindAsync<Dictionary<string, int>>("models", "all", "a/b", default);

        Assert.Equal(1, found!.Value["x"]);
        Assert.Equal("a/b", found.Id);
        Assert.Equal("\"e1\"", found.ETag);
        var request = Assert.Single(wire.Documents);
        Assert.Equal(HttpMethod.Get, request.Method);
        Assert.EndsWith("/dbs/aia/colls/models/docs/a~2Fb", request.Address.AbsolutePath, StringComparison.Ordinal);
        Assert.Equal("[\"all\"]", request["x-ms-documentdb-partitionkey"]);
        Assert.Equal("type=aad&ver=1.0&sig=token", Uri.UnescapeDataString(request["authorization"]!));
    }

    [Fact]
    public async Task A_write_sends_the_document_s_form_and_nothing_else()
    {
        using var wire = new CosmosWire { Answer = _ => CosmosWire.Reply(201, "", ("etag", "\"e2\"")) };
        using var store = wire.Open();

        var written = await store.PutAsync("models", "all", "id", new { Name = "x", Absent = (string?)null, When = DayOfWeek.Monday }, null, default);

        Assert.Equal("\"e2\"", written.ETag);
        var request = Assert.Single(wire.Documents);
        Assert.Equal("""{"id":"id","partition":"all","value":{"name":"x","when":"monday"}}""", request.Body);
        Assert.Equal("True", request["x-ms-documentdb-is-upsert"]);
        Assert.Equal("return=minimal", request["prefer"]);
        Assert.Null(request["if-match"]);
    }

    [Fact]
    public async Task A_condition_is_an_if_match_or_a_creation()
    {
        using var wire = new CosmosWire { Answer = request => CosmosWire.Reply(request.Method == HttpMethod.Put ? 200 : 201, "", ("etag", "\"e2\"")) };
        using var store = wire.Open();

        await store.PutAsync("models", "all", "id", 1, IDocumentStore.MustNotExist, default);
        await store.PutAsync("models", "all", "id", 1, "\"e1\"", default);

        Assert.Equal([HttpMethod.Post, HttpMethod.Put], wire.Documents.Select(request => request.Method));
        Assert.All(wire.Documents, request => Assert.NotEqual("True", request["x-ms-documentdb-is-upsert"]));
        Assert.Equal([null, "\"e1\""], wire.Documents.Select(request => request["if-match"]));
    }

    [Theory]
    [InlineData(409, IDocumentStore.MustNotExist)]
    [InlineData(412, "\"e1\"")]
    [InlineData(404, "\"e1\"")]
    public async Task A_condition_that_does_not_hold_is_a_conflict(int status, string condition)
    {
        using var wire = new CosmosWire { Answer = _ => CosmosWire.Reply(status) };
        using var store = wire.Open();

        var problem = (await Assert.ThrowsAsync<ProblemException>(() => store.PutAsync("models", "all", "id", 1, condition, default))).Problem;

        Assert.Equal("document-conflict", problem.Code);
        Assert.Equal("models/all/id", problem.Where);
        Assert.Single(wire.Documents);
    }

    [Fact]
    public async Task A_time_to_live_stands_beside_the_value_in_whole_seconds()
    {
        using var wire = new CosmosWire { Answer = _ => CosmosWire.Reply(201, "", ("etag", "\"e2\"")) };
        using var store = wire.Open();

        await store.PutExpiringAsync("jobs", "all", "id", "x", null, TimeSpan.FromSeconds(1.5), default);

        Assert.Equal("""{"id":"id","partition":"all","ttl":2,"value":"x"}""", Assert.Single(wire.Documents).Body);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => store.PutExpiringAsync("jobs", "all", "id", "x", null, TimeSpan.Zero, default));
    }

    [Fact]
    public async Task What_is_deleted_or_read_and_not_there_is_not_there()
    {
        using var wire = new CosmosWire { Answer = _ => CosmosWire.Reply(404) };
        using var store = wire.Open();

        Assert.Null(await store.FindAsync<int>("models", "all", "id", default));
        Assert.False(await store.DeleteAsync("models", "all", "id", default));
    }

    [Fact]
    public async Task A_session_goes_on_from_what_it_wrote()
    {
        using var wire = new CosmosWire
        {
            Answer = request => request.Method == HttpMethod.Get ? CosmosWire.Item() : CosmosWire.Reply(201, "", ("etag", "\"e2\""), ("x-ms-session-token", "0:-1#42"), ("x-ms-alt-content-path", "dbs/aia/colls/models"), ("x-ms-content-path", CosmosWire.ContainerRid)),
        };
        using var store = wire.Open();

        await store.PutAsync("models", "all", "id", 1, null, default);
        await store.FindAsync<int>("models", "all", "id", default);

        Assert.Equal("0:-1#42", wire.Documents[^1]["x-ms-session-token"]);
        Assert.Equal("Session", wire.Documents[^1]["x-ms-consistency-level"]);
    }

    [Theory]
    [InlineData("1003", "storage-unavailable")]
    [InlineData("1002", "storage-busy")]
    public async Task A_container_or_a_session_that_is_missing_is_no_missing_document(string sub, string code)
    {
        using var wire = new CosmosWire { Answer = _ => CosmosWire.Reply(404, "{}", ("x-ms-substatus", sub)) };
        using var store = wire.Open();

        Assert.Equal(code, (await Assert.ThrowsAsync<ProblemException>(() => store.FindAsync<int>("models", "all", "id", default))).Problem.Code);
    }

    [Fact]
    public async Task A_document_that_is_too_large_is_refused_before_it_is_sent()
    {
        using var wire = new CosmosWire { Answer = _ => CosmosWire.Reply(201, "", ("etag", "\"e2\"")) };
        using var store = wire.Open();

        foreach (var put in new Func<Task>[]
        {
            () => store.PutAsync("models", "all", "id", new string('x', 2 << 20), null, default),
            () => store.PutAsync("models", "all", new string('x', 1024), 1, null, default),
            () => store.PutAsync("models", "all", string.Empty, 1, null, default),
            () => store.PutAsync("models", "all", "half \ud83d", 1, null, default),
            () => store.PutAsync("models", new string('x', 101), "id", 1, null, default),
        })
        {
            Assert.Equal("document-invalid", (await Assert.ThrowsAsync<ProblemException>(put)).Problem.Code);
        }

        Assert.Equal("query-invalid", (await Assert.ThrowsAsync<ProblemException>(() => store.FindAsync<int>("models/docs/x?", "all", "id", default))).Problem.Code);
        Assert.Empty(wire.Documents);
    }

    [Theory]
    [InlineData(401, "0", "storage-forbidden")]
    [InlineData(403, "0", "storage-forbidden")]
    [InlineData(403, "1014", "storage-full")]
    [InlineData(413, "0", "document-invalid")]
    [InlineData(400, "0", "storage-failed")]
    public async Task What_does_not_pass_is_told_and_not_tried_again(int status, string sub, string code)
    {
        using var wire = new CosmosWire { Answer = _ => CosmosWire.Reply(status, """{"message":"do not show me"}""", ("x-ms-substatus", sub)) };
        using var store = wire.Open();

        var refused = await Assert.ThrowsAsync<ProblemException>(() => store.PutAsync("models", "all", "id", 1, null, default));

        Assert.Equal(code, refused.Problem.Code);
        Assert.Null(refused.RetryAfter);
        Assert.DoesNotContain("do not show me", refused.Message, StringComparison.Ordinal);
        Assert.Single(wire.Documents);
    }
}
