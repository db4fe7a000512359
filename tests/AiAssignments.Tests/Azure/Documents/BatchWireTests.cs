using AiAssignments.Core.Errors;

namespace AiAssignments.Tests.Azure.Documents;

/// <summary>Requests and answers of transactional batches, as learn.microsoft.com/azure/cosmos-db/transactional-batch and the SDK's own format say.</summary>
public sealed class BatchWireTests
{
    [Fact]
    public async Task Many_deletions_are_one_request_of_one_partition()
    {
        using var wire = new CosmosWire { Answer = request => Done(request) };
        using var store = wire.Open();

        Assert.Equal(3, await store.DeleteManyAsync("jobs", "all", ["a", "b/c", "d", "a"], default));

        var request = Assert.Single(wire.Documents);
        Assert.Equal(HttpMethod.Post, request.Method);
        Assert.EndsWith("/dbs/aia/colls/jobs/docs", request.Address.AbsolutePath, StringComparison.Ordinal);
        Assert.Equal("[\"all\"]", request["x-ms-documentdb-partitionkey"]);
        Assert.Equal("True", request["x-ms-cosmos-is-batch-request"]);
        Assert.Equal("True", request["x-ms-cosmos-batch-atomic"]);
        Assert.Equal("False", request["x-ms-cosmos-batch-continue-on-error"] ?? "False");
        Assert.Equal([new(BatchWire.Deletion, "a"), new(BatchWire.Deletion, "b~2Fc"), new(BatchWire.Deletion, "d")], await BatchWire.ReadAsync(request.Content));
    }

    [Fact]
    public async Task No_batch_has_more_operations_than_the_service_takes()
    {
        using var wire = new CosmosWire { Answer = request => Done(request) };
        using var store = wire.Open();

        Assert.Equal(250, await store.DeleteManyAsync("jobs", "all", [.. Enumerable.Range(0, 250).Select(i => $"{i}")], default));
        Assert.Equal(0, await store.DeleteManyAsync("jobs", "all", [], default));

        Assert.Equal([100, 100, 50], wire.Documents.Select(request => Operations(request).Count));
    }

    [Fact]
    public async Task What_is_not_there_any_more_does_not_keep_the_others()
    {
        using var wire = new CosmosWire
        {
            Answer = request => request.Method == HttpMethod.Post ? Answer(424, 404, 424) : CosmosWire.Reply(request.Address.AbsolutePath.EndsWith("/b", StringComparison.Ordinal) ? 404 : 204),
        };
        using var store = wire.Open();

        Assert.Equal(2, await store.DeleteManyAsync("jobs", "all", ["a", "b", "c"], default));

        Assert.Equal([HttpMethod.Post, HttpMethod.Delete, HttpMethod.Delete, HttpMethod.Delete], wire.Documents.Select(request => request.Method));
    }

    [Fact]
    public async Task A_throttled_batch_is_sent_again_after_the_server_s_pause()
    {
        var left = 2;
        using var wire = new CosmosWire { Answer = request => left-- > 0 ? CosmosWire.Reply(429, "{}", ("x-ms-retry-after-ms", "2"), ("x-ms-substatus", "3200")) : Done(request) };
        using var store = wire.Open();

        Assert.Equal(2, await store.DeleteManyAsync("jobs", "all", ["a", "b"], default));

        Assert.Equal(3, wire.Documents.Count);
        Assert.All(wire.Documents, request => Assert.Equal(["a", "b"], Operations(request).Select(operation => operation.Id)));
    }

    [Theory]
    [InlineData(429, "storage-busy")]
    [InlineData(449, "storage-busy")]
    [InlineData(403, "storage-forbidden")]
    public async Task A_batch_fails_as_its_first_failing_operation_does(int status, string code)
    {
        using var wire = new CosmosWire { Answer = _ => Answer(424, status) };
        using var store = wire.Open();

        var refused = await Assert.ThrowsAsync<ProblemException>(() => store.DeleteManyAsync("jobs", "all", ["a", "b"], default));

        Assert.Equal(code, refused.Problem.Code);
        Assert.Equal("jobs", refused.Problem.Where);
        Assert.Equal(code == "storage-busy" ? TimeSpan.FromSeconds(1) : null, refused.RetryAfter);
        Assert.Single(wire.Documents);
    }

    [Fact]
    public async Task A_container_that_is_missing_is_no_missing_document()
    {
        using var wire = new CosmosWire { Answer = _ => CosmosWire.Reply(404, "{}", ("x-ms-substatus", "1003")) };
        using var store = wire.Open();

        Assert.Equal("storage-unavailable", (await Assert.ThrowsAsync<ProblemException>(() => store.DeleteManyAsync("jobs", "all", ["a", "b"], default))).Problem.Code);
        Assert.All(wire.Documents, request => Assert.Equal(HttpMethod.Post, request.Method));
    }

    [Fact]
    public async Task An_id_that_cannot_be_is_refused_before_anything_is_deleted()
    {
        using var wire = new CosmosWire { Answer = request => Done(request) };
        using var store = wire.Open();

        Assert.Equal("document-invalid", (await Assert.ThrowsAsync<ProblemException>(() => store.DeleteManyAsync("jobs", "all", ["a", string.Empty], default))).Problem.Code);
        Assert.Empty(wire.Documents);
    }

    private static IReadOnlyList<BatchOperation> Operations(WireRequest request) => BatchWire.ReadAsync(request.Content).GetAwaiter().GetResult();

    private static HttpResponseMessage Done(WireRequest request) => Answer([.. Operations(request).Select(_ => 204)]);

    private static HttpResponseMessage Answer(params int[] statuses) => BatchWire.AnswerAsync(statuses).GetAwaiter().GetResult();
}
