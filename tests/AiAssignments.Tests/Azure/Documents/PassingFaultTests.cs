using System.Net;
using AiAssignments.Azure.Documents;
using AiAssignments.Core.Errors;
using Microsoft.Azure.Cosmos;

namespace AiAssignments.Tests.Azure.Documents;

/// <summary>429, 449, lost regions and servers: what is tried again, how often, and what is said when it does not help.</summary>
public sealed class PassingFaultTests
{
    [Fact]
    public async Task A_throttled_request_is_sent_again_after_the_server_s_pause()
    {
        var left = 3;
        using var wire = new CosmosWire { Answer = _ => left-- > 0 ? CosmosWire.Reply(429, "{}", ("x-ms-retry-after-ms", "2"), ("x-ms-substatus", "3200")) : CosmosWire.Item() };
        using var store = wire.Open();

        Assert.Equal(1, (await store.FindAsync<int>("models", "all", "id", default))!.Value);
        Assert.Equal(4, wire.Documents.Count);
    }

    [Fact]
    public async Task Throttling_that_does_not_end_is_told_with_the_server_s_pause()
    {
        using var wire = new CosmosWire { Answer = _ => CosmosWire.Reply(429, "{}", ("x-ms-retry-after-ms", "5"), ("x-ms-substatus", "3200")) };
        using var store = wire.Open();

        var busy = await Assert.ThrowsAsync<ProblemException>(() => store.FindAsync<int>("models", "all", "id", default));

        Assert.Equal("storage-busy", busy.Problem.Code);
        Assert.Equal(TimeSpan.FromMilliseconds(5), busy.RetryAfter);
        Assert.Equal(10, wire.Documents.Count);
    }

    [Fact]
    public async Task A_pause_that_is_too_long_is_not_waited_for()
    {
        using var wire = new CosmosWire { Answer = _ => CosmosWire.Reply(429, "{}", ("x-ms-retry-after-ms", "60000"), ("x-ms-substatus", "3200")) };
        using var store = wire.Open();

        var busy = await Assert.ThrowsAsync<ProblemException>(() => store.PutAsync("models", "all", "id", 1, null, default));

        Assert.Equal(TimeSpan.FromMinutes(1), busy.RetryAfter);
        Assert.Single(wire.Documents);
    }

    [Fact]
    public async Task Retry_with_is_sent_again()
    {
        var left = 2;
        using var wire = new CosmosWire { Answer = _ => left-- > 0 ? CosmosWire.Reply(449) : CosmosWire.Reply(200, "", ("etag", "\"e2\"")) };
        using var store = wire.Open();

        Assert.Equal("\"e2\"", (await store.PutAsync("models", "all", "id", 1, "\"e1\"", default)).ETag);
        Assert.Equal(3, wire.Documents.Count);
        Assert.All(wire.Documents, request => Assert.Equal("""{"id":"id","partition":"all","value":1}""", request.Body));
    }

    // The SDK goes on for 30 s, which is too long for a test.
    [Fact]
    public void Retry_with_that_does_not_end_passes()
    {
        using var answer = new ResponseMessage((HttpStatusCode)449);

        var busy = answer.ToProblem("models/id");

        Assert.Equal("storage-busy", busy.Problem.Code);
        Assert.Equal(TimeSpan.FromSeconds(1), busy.RetryAfter);
    }

    [Fact]
    public async Task Reads_go_to_the_region_that_is_preferred()
    {
        using var wire = new CosmosWire("West Europe", "North Europe") { Answer = _ => CosmosWire.Item() };
        using var store = wire.Open("North Europe", "West Europe");

        await store.FindAsync<int>("models", "all", "id", default);

        Assert.Equal("account-northeurope.documents.azure.com", Assert.Single(wire.Documents).Address.Host);
    }

    [Fact]
    public async Task Writes_go_to_the_region_that_is_written_to()
    {
        using var wire = new CosmosWire("West Europe", "North Europe") { Answer = _ => CosmosWire.Reply(201, "", ("etag", "\"e2\"")) };
        using var store = wire.Open("North Europe", "West Europe");

        await store.PutAsync("models", "all", "id", 1, null, default);

        Assert.Equal("account-westeurope.documents.azure.com", Assert.Single(wire.Documents).Address.Host);
    }

    [Fact]
    public async Task A_region_that_does_not_serve_is_left_for_the_next()
    {
        using var wire = new CosmosWire("West Europe", "North Europe")
        {
            Answer = request => request.Address.Host.Contains("northeurope", StringComparison.Ordinal) ? CosmosWire.Reply(503) : CosmosWire.Item(),
        };
        using var store = wire.Open("North Europe", "West Europe");

        Assert.Equal(1, (await store.FindAsync<int>("models", "all", "id", default))!.Value);

        Assert.StartsWith("account-northeurope.", wire.Documents[0].Address.Host, StringComparison.Ordinal);
        Assert.StartsWith("account-westeurope.", wire.Documents[^1].Address.Host, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(503)]
    [InlineData(500)]
    [InlineData(408)]
    public async Task A_server_that_does_not_answer_passes(int status)
    {
        using var wire = new CosmosWire { Answer = _ => CosmosWire.Reply(status) };
        using var store = wire.Open();

        var busy = await Assert.ThrowsAsync<ProblemException>(() => store.PutAsync("models", "all", "id", 1, null, default));

        Assert.Equal("storage-busy", busy.Problem.Code);
        Assert.NotNull(busy.RetryAfter);
    }

    [Fact]
    public async Task A_call_can_be_given_up_while_it_waits()
    {
        using var stop = new CancellationTokenSource();
        using var wire = new CosmosWire
        {
            Answer = _ =>
            {
                stop.Cancel();
                return CosmosWire.Reply(429, "{}", ("x-ms-retry-after-ms", "10000"), ("x-ms-substatus", "3200"));
            },
        };
        using var store = wire.Open();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.FindAsync<int>("models", "all", "id", stop.Token));
        Assert.Single(wire.Documents);
    }
}
