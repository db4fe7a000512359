using System.Net.WebSockets;
using System.Text;
using AiAssignments.Core.Jobs;
using AiAssignments.Embedded.Live;

namespace AiAssignments.Tests.Live;

/// <summary>The subprotocol, spoken over real sockets.</summary>
public sealed class ProgressSocketTests
{
    [Fact]
    public async Task Who_joins_is_told_the_last_state_first_and_then_what_comes()
    {
        await using var server = await LiveServer.StartAsync();
        server.Hub.Publish(new JobProgress("a1", "topic@1 on <b>.csv", "scoring", 10, 40));
        using var client = await server.ConnectAsync();
        await client.JoinAsync("job:a1");

        var first = await client.DataAsync("job:a1");
        Assert.Equal("progress", first.GetProperty("kind").GetString());
        Assert.Equal("a1", first.GetProperty("jobId").GetString());
        Assert.Equal("topic@1 on <b>.csv", first.GetProperty("title").GetString());
        Assert.Equal("scoring", first.GetProperty("stage").GetString());
        Assert.Equal((10, 40), (first.GetProperty("done").GetInt64(), first.GetProperty("total").GetInt64()));
        Assert.Equal(DateTimeKind.Utc, first.GetProperty("at").GetDateTime().Kind);

        server.Hub.Publish(new JobProgress("a1", "topic@1 on <b>.csv", "completed", 40, 40));
        Assert.Equal("completed", (await client.DataAsync("job:a1")).GetProperty("stage").GetString());
    }

    [Fact]
    public async Task A_title_that_is_no_unicode_harms_nobody()
    {
        await using var server = await LiveServer.StartAsync();
        using var client = await server.ConnectAsync();
        await client.JoinAsync("jobs");
        server.Hub.Publish(new JobProgress("a", "\ud800", "completed", 1, 1));
        server.Hub.Publish(new JobProgress("b", "t", "completed", 1, 1));
        while ((await client.DataAsync("jobs")).GetProperty("jobId").GetString() != "b")
        {
        }
    }

    [Fact]
    public async Task A_client_that_comes_back_is_told_how_the_job_ended_meanwhile()
    {
        await using var server = await LiveServer.StartAsync();
        using (var client = await server.ConnectAsync())
        {
            await client.JoinAsync("job:a1");
            client.Socket.Abort();
        }

        server.Hub.Publish(new JobProgress("a1", "t", "scoring", 1, 2));
        server.Hub.Publish(new JobProgress("a1", "t", "failed", 1, 2));
        using var again = await server.ConnectAsync();
        await again.JoinAsync("job:a1");
        Assert.Equal("failed", (await again.DataAsync("job:a1")).GetProperty("stage").GetString());
    }

    [Fact]
    public async Task A_job_that_this_process_never_saw_is_asked_of_the_journal()
    {
        var at = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
        await using var server = await LiveServer.StartAsync(source: new OneJob(new KnownProgress(new JobProgress("old", "t", "completed", 7, 7), at)));
        using var client = await server.ConnectAsync();
        await client.JoinAsync("job:other");
        await client.JoinAsync("job:old", 2);
        var data = await client.DataAsync("job:old");
        Assert.Equal("completed", data.GetProperty("stage").GetString());
        Assert.Equal(at.UtcDateTime, data.GetProperty("at").GetDateTime());
    }

    [Fact]
    public async Task All_jobs_are_watched_in_one_group_until_it_is_left()
    {
        await using var server = await LiveServer.StartAsync();
        server.Hub.Publish(new JobProgress("a", "t", "completed", 1, 1));
        server.Hub.Publish(new JobProgress("b", "t", "scoring", 1, 2));
        using var client = await server.ConnectAsync();
        await client.JoinAsync("jobs");
        var known = new[] { await client.DataAsync("jobs"), await client.DataAsync("jobs") }.Select(data => data.GetProperty("jobId").GetString()).Order();
        Assert.Equal(["a", "b"], known);

        var left = await client.AskAsync("""{"type":"leaveGroup","group":"jobs","ackId":9}""");
        Assert.True(left.GetProperty("success").GetBoolean());
        server.Hub.Publish(new JobProgress("b", "t", "completed", 2, 2));
        Assert.Equal("pong", (await client.AskAsync("""{"type":"ping"}""")).GetProperty("type").GetString());
    }

    [Fact]
    public async Task Requests_are_acknowledged_once_and_refused_by_name()
    {
        await using var server = await LiveServer.StartAsync(new ProgressHubOptions { MaxGroups = 1 });
        using var client = await server.ConnectAsync();
        await client.JoinAsync("jobs", 18446744073709551615);
        Assert.Equal("Duplicate", Refusal(await client.AskAsync("""{"type":"leaveGroup","group":"jobs","ackId":18446744073709551615}"""), ulong.MaxValue));
        Assert.Equal("Forbidden", Refusal(await client.AskAsync("""{"type":"joinGroup","group":"secrets","ackId":2}"""), 2));
        Assert.Equal("Forbidden", Refusal(await client.AskAsync("""{"type":"joinGroup","group":"job:second","ackId":3}"""), 3));
        Assert.Equal("Forbidden", Refusal(await client.AskAsync("""{"type":"sendToGroup","group":"jobs","dataType":"text","data":"x","ackId":4}"""), 4));
        Assert.Equal("Forbidden", Refusal(await client.AskAsync("""{"type":"event","event":"x","dataType":"json","data":{"a":[]},"ackId":5}"""), 5));

        // Without an ackId nobody is told, and the connection goes on.
        await client.SendAsync("""{"type":"sendToGroup","group":"jobs","data":1}""");
        Assert.Equal("pong", (await client.AskAsync("""{"type":"ping"}""")).GetProperty("type").GetString());
    }

    [Theory]
    [InlineData("not json", WebSocketCloseStatus.InvalidPayloadData)]
    [InlineData("{\"type\":\"join", WebSocketCloseStatus.InvalidPayloadData)]
    [InlineData("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]", WebSocketCloseStatus.InvalidPayloadData)]
    [InlineData("[]", WebSocketCloseStatus.PolicyViolation)]
    [InlineData("{\"type\":1}", WebSocketCloseStatus.PolicyViolation)]
    [InlineData("{\"type\":\"shout\",\"ackId\":1}", WebSocketCloseStatus.PolicyViolation)]
    [InlineData("{\"type\":\"joinGroup\",\"ackId\":1}", WebSocketCloseStatus.PolicyViolation)]
    [InlineData("{\"type\":\"joinGroup\",\"group\":\"\",\"ackId\":1}", WebSocketCloseStatus.PolicyViolation)]
    [InlineData("{\"type\":\"joinGroup\",\"group\":\"jobs\",\"ackId\":-1}", WebSocketCloseStatus.PolicyViolation)]
    [InlineData("{\"type\":\"joinGroup\",\"group\":\"\\ud800\",\"ackId\":1}", WebSocketCloseStatus.InvalidPayloadData)]
    public async Task What_does_not_match_the_format_ends_the_connection_with_a_reason(string message, WebSocketCloseStatus status)
    {
        await using var server = await LiveServer.StartAsync();
        using var client = await server.ConnectAsync();
        await client.SendAsync(message);
        var (closed, why) = await client.EndAsync();
        Assert.Equal(status, closed);
        Assert.NotEmpty(why);
    }

    [Fact]
    public async Task Long_and_binary_messages_end_the_connection()
    {
        await using var server = await LiveServer.StartAsync(new ProgressHubOptions { MaxMessageBytes = 2048 });
        using var exact = await server.ConnectAsync();
        var padded = """{"type":"ping"}""".PadRight(2048);
        Assert.Equal("pong", (await exact.AskAsync(padded)).GetProperty("type").GetString());

        await exact.SendAsync(padded + " ");
        Assert.Equal(WebSocketCloseStatus.MessageTooBig, (await exact.EndAsync()).Status);

        using var binary = await server.ConnectAsync();
        await binary.SendAsync("""{"type":"ping"}""", WebSocketMessageType.Binary);
        Assert.Equal(WebSocketCloseStatus.InvalidMessageType, (await binary.EndAsync()).Status);
    }

    [Fact]
    public async Task A_hundred_clients_all_see_every_job_end()
    {
        await using var server = await LiveServer.StartAsync();
        var clients = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => server.ConnectAsync()));
        await Task.WhenAll(clients.Select(client => client.JoinAsync("jobs")));
        Assert.Equal(100, server.Hub.Clients);

        Parallel.For(0, 50, job =>
        {
            for (var done = 0; done <= 100; done++)
            {
                server.Hub.Publish(new JobProgress($"j{job}", "t", "scoring", done, 100));
            }

            server.Hub.Publish(new JobProgress($"j{job}", "t", "completed", 100, 100));
        });
        await Task.WhenAll(clients.Select(async client =>
        {
            var ended = new HashSet<string>();
            while (ended.Count < 50)
            {
                var data = await client.DataAsync("jobs");
                Assert.DoesNotContain(data.GetProperty("jobId").GetString()!, ended);
                if (data.GetProperty("stage").GetString() == "completed")
                {
                    ended.Add(data.GetProperty("jobId").GetString()!);
                }
            }
        }));
        foreach (var client in clients)
        {
            client.Dispose();
        }
    }

    [Fact]
    public async Task Metrics_are_sent_to_those_who_watch_them()
    {
        await using var server = await LiveServer.StartAsync();
        Assert.False(server.Hub.MetricsWatched);
        using (var client = await server.ConnectAsync())
        {
            await client.JoinAsync("metrics");
            Assert.True(server.Hub.MetricsWatched);
            server.Hub.PublishMetrics(Encoding.UTF8.GetBytes("""{"kind":"metrics","system":{}}"""));
            Assert.Equal("metrics", (await client.DataAsync("metrics")).GetProperty("kind").GetString());
            await client.Socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        }

        for (var waited = 0; server.Hub.MetricsWatched && waited < 500; waited++)
        {
            await Task.Delay(10);
        }

        Assert.False(server.Hub.MetricsWatched);
    }

    [Fact]
    public async Task A_server_that_stops_says_so()
    {
        await using var server = await LiveServer.StartAsync();
        using var client = await server.ConnectAsync();
        var stopping = server.StopAsync();
        var (status, why) = await client.EndAsync();
        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, status);
        Assert.Equal("The server stops.", why);
        await stopping.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(0, server.Hub.Clients);
    }

    private static string Refusal(System.Text.Json.JsonElement ack, ulong id)
    {
        Assert.Equal("ack", ack.GetProperty("type").GetString());
        Assert.Equal(id, ack.GetProperty("ackId").GetUInt64());
        Assert.False(ack.GetProperty("success").GetBoolean());
        Assert.NotEmpty(ack.GetProperty("error").GetProperty("message").GetString()!);
        return ack.GetProperty("error").GetProperty("name").GetString()!;
    }

    private sealed class OneJob(KnownProgress known) : IProgressSource
    {
        public Task<KnownProgress?> FindAsync(string jobId, CancellationToken cancellationToken) =>
            Task.FromResult(jobId == known.Progress.JobId ? known : null);
    }
}
