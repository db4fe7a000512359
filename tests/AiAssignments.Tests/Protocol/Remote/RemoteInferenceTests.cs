using System.Net;
using AiAssignments.Core.Errors;
using AiAssignments.Inference.Serving;
using AiAssignments.Pipeline.Remote;

namespace AiAssignments.Tests.Protocol.Remote;

public sealed class RemoteInferenceTests : IDisposable
{
    private readonly FakeServers servers = new();

    public void Dispose() => servers.Dispose();

    [Fact]
    public async Task The_server_with_the_least_outstanding_is_asked()
    {
        var hold = new TaskCompletionSource<HttpResponseMessage>();
        await using var client = servers.On("a", (_, _) => hold.Task).Answers("b", "c").Client(3);
        var held = FakeServers.AskAsync(client);
        for (var i = 0; i < 6; i++)
        {
            Assert.NotEqual("a", await FakeServers.AskAsync(client));
        }

        Assert.Equal(3, servers.Asked.Count(host => host == "b"));
        hold.SetResult(FakeServers.Answer("a"));
        Assert.Equal("a", await held);
        Assert.All(client.Pool.Servers, server => Assert.Equal(0, server.Outstanding));
    }

    [Fact]
    public async Task The_times_of_the_answer_are_the_server_s()
    {
        await using var client = servers.Answers("a").Client(1);
        var served = await client.InferAsync("m", null, [new Tensor("x", Onnx.TensorProto.Types.DataType.Uint8, [1], new byte[1])], [], ServeOptions.Default, default);
        Assert.Equal(new ServeTiming(TimeSpan.FromMilliseconds(1.5), TimeSpan.FromMilliseconds(0.25), TimeSpan.FromMilliseconds(3)), served.Timing);
        Assert.Equal(new ModelKey("m", "1"), served.Key);
    }

    [Fact]
    public async Task A_dead_server_costs_no_request_and_is_left_out_longer_each_time()
    {
        await using var client = servers.Broken("a").Answers("b").Client(2);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal("b", await FakeServers.AskAsync(client));
        }

        Assert.Equal(1, servers.Asked.Count(host => host == "a"));
        servers.Time.Advance(TimeSpan.FromSeconds(1));
        await AskTwiceAsync(client);
        Assert.Equal(2, servers.Asked.Count(host => host == "a"));
        servers.Time.Advance(TimeSpan.FromSeconds(1));
        await AskTwiceAsync(client);
        Assert.Equal(2, servers.Asked.Count(host => host == "a"));
        servers.Time.Advance(TimeSpan.FromSeconds(1));
        servers.Answers("a");
        await AskTwiceAsync(client);
        Assert.Equal(3, servers.Asked.Count(host => host == "a"));
        servers.Broken("a");
        await AskTwiceAsync(client);
        servers.Time.Advance(TimeSpan.FromSeconds(1));
        await AskTwiceAsync(client);
        Assert.Equal(5, servers.Asked.Count(host => host == "a"));
    }

    [Fact]
    public async Task An_answer_that_breaks_off_is_asked_for_elsewhere()
    {
        await using var client = servers.On("a", (_, _) => Task.FromResult(new HttpResponseMessage { Content = new BreakingContent() })).Answers("b").Client(2);
        Assert.Equal("b", await FakeServers.AskAsync(client));
        Assert.Equal(["a", "b"], servers.Asked);
    }

    [Fact]
    public async Task A_server_that_stops_is_another_one_s_turn_and_is_not_left_out()
    {
        await using var client = servers.On("a", HttpStatusCode.ServiceUnavailable, "model-draining").Answers("b").Client(2);
        await AskTwiceAsync(client);
        await AskTwiceAsync(client);
        Assert.Equal(["a", "b", "a", "b", "a", "b", "a", "b"], servers.Asked);
    }

    [Fact]
    public async Task Unavailable_everywhere_is_told_with_the_server_s_own_reason()
    {
        await using var client = servers.On("a", HttpStatusCode.ServiceUnavailable, "model-draining").On("b", HttpStatusCode.ServiceUnavailable, "model-draining").Client(2);
        var refused = await Assert.ThrowsAsync<ProblemException>(() => FakeServers.AskAsync(client));
        Assert.Equal("model-draining", refused.Problem.Code);
        Assert.Equal(2, servers.Asked.Count);
    }

    [Theory]
    [InlineData(HttpStatusCode.BadRequest, "tensor-unfit")]
    [InlineData(HttpStatusCode.InternalServerError, "inference-failed")]
    [InlineData(HttpStatusCode.GatewayTimeout, "deadline-exceeded")]
    public async Task What_every_server_would_refuse_is_not_tried_again(HttpStatusCode status, string code)
    {
        await using var client = servers.On("a", status, code).On("b", status, code).Client(2);
        var refused = await Assert.ThrowsAsync<ProblemException>(() => FakeServers.AskAsync(client));
        Assert.Equal(code, refused.Problem.Code);
        Assert.Single(servers.Asked);
    }

    [Fact]
    public async Task A_version_that_one_server_does_not_have_yet_is_asked_of_the_next()
    {
        await using var client = servers.On("a", HttpStatusCode.NotFound, "model-not-found").Answers("b").Client(2);
        await AskTwiceAsync(client);

        servers.On("b", HttpStatusCode.NotFound, "model-not-found");
        Assert.Equal("model-not-found", (await Assert.ThrowsAsync<ProblemException>(() => FakeServers.AskAsync(client))).Problem.Code);
    }

    [Fact]
    public async Task A_request_that_ends_the_servers_it_is_sent_to_does_not_go_through_all_of_them()
    {
        string[] hosts = ["a", "b", "c", "d", "e"];
        foreach (var host in hosts)
        {
            servers.On(host, (_, _) => throw new HttpRequestException(HttpRequestError.ResponseEnded, "The response ended prematurely."));
        }

        await using var client = servers.Client(hosts.Length);
        Assert.Equal("server-unavailable", (await Assert.ThrowsAsync<ProblemException>(() => FakeServers.AskAsync(client))).Problem.Code);
        Assert.Equal(3, servers.Asked.Count);
    }

    [Fact]
    public async Task An_answer_that_is_too_large_is_no_server_s_fault()
    {
        await using var client = servers.On("a", (_, _) => throw new HttpRequestException(HttpRequestError.ConfigurationLimitExceeded, "Too large.")).Answers("b").Client(2);
        var refused = await Assert.ThrowsAsync<ProblemException>(async () =>
        {
            await FakeServers.AskAsync(client);
            await FakeServers.AskAsync(client);
        });
        Assert.Equal("request-too-large", refused.Problem.Code);
        Assert.All(client.Pool.Servers, server => Assert.Equal(0, server.Failures));
    }

    [Fact]
    public async Task A_full_server_is_not_asked_before_its_time_and_full_everywhere_is_said_at_once()
    {
        await using var client = servers.On("a", HttpStatusCode.TooManyRequests, "queue-full", "5").Answers("b").Client(2);
        await AskTwiceAsync(client);
        await AskTwiceAsync(client);
        Assert.Equal(1, servers.Asked.Count(host => host == "a"));

        servers.On("b", HttpStatusCode.TooManyRequests, "queue-full", "2");
        var refused = await Assert.ThrowsAsync<ProblemException>(() => FakeServers.AskAsync(client));
        Assert.Equal("queue-full", refused.Problem.Code);
        Assert.Equal(TimeSpan.FromSeconds(2), refused.RetryAfter);
        var count = servers.Asked.Count;
        await Assert.ThrowsAsync<ProblemException>(() => FakeServers.AskAsync(client));
        Assert.Equal(count, servers.Asked.Count);

        servers.Answers("b");
        servers.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("b", await FakeServers.AskAsync(client));
    }

    [Fact]
    public async Task All_dead_are_gone_through_again_and_then_told()
    {
        await using var client = servers.Broken("a", "b").Client(2);
        var refused = await Assert.ThrowsAsync<ProblemException>(() => servers.PassAsync(FakeServers.AskAsync(client), TimeSpan.FromMilliseconds(50)));
        Assert.Equal("server-unavailable", refused.Problem.Code);
        Assert.Contains("Connection refused", refused.Problem.Message, StringComparison.Ordinal);
        Assert.Equal(6, servers.Asked.Count);
        Assert.Equal(3, servers.Asked.Count(host => host == "a"));
    }

    [Fact]
    public async Task A_server_that_restarts_is_found_again()
    {
        await using var client = servers.Broken("a").Client(1);
        var asking = FakeServers.AskAsync(client);
        servers.Answers("a");
        Assert.Equal("a", await servers.PassAsync(asking, TimeSpan.FromMilliseconds(50)));
    }

    [Fact]
    public async Task The_deadline_goes_with_the_request_and_what_was_spent_is_taken_off()
    {
        await using var client = servers.On("a", (_, _) =>
        {
            servers.Time.Advance(TimeSpan.FromMilliseconds(300));
            throw new HttpRequestException("broken");
        }).Answers("b").Client(2);
        await FakeServers.AskAsync(client, TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.FromMilliseconds(700), servers.Timeout);

        servers.On("b", (_, _) =>
        {
            servers.Time.Advance(TimeSpan.FromSeconds(1));
            throw new HttpRequestException("broken");
        });
        var late = await Assert.ThrowsAsync<ProblemException>(() => FakeServers.AskAsync(client, TimeSpan.FromSeconds(1)));
        Assert.Equal("deadline-exceeded", late.Problem.Code);
    }

    [Fact]
    public async Task A_server_that_never_answers_ends_with_the_deadline()
    {
        await using var client = servers.On("a", HangAsync).Client(1, options => options with { RunLimit = TimeSpan.FromSeconds(2) });
        var asking = FakeServers.AskAsync(client, TimeSpan.FromSeconds(1));
        var late = await Assert.ThrowsAsync<ProblemException>(() => servers.PassAsync(asking, TimeSpan.FromSeconds(1)));
        Assert.Equal("deadline-exceeded", late.Problem.Code);
    }

    [Fact]
    public async Task A_cancelled_request_is_cancelled_on_the_server_and_not_tried_elsewhere()
    {
        using var cancel = new CancellationTokenSource();
        await using var client = servers.On("a", HangAsync).Answers("b").Client(2);
        var asking = FakeServers.AskAsync(client, null, cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        Assert.Equal(["a"], servers.Asked);
        Assert.Equal("b", await FakeServers.AskAsync(client));
        Assert.Equal(0, client.Pool.Servers[0].Failures);
    }

    [Fact]
    public async Task A_slow_attempt_gets_a_second_beside_it_and_the_loser_is_given_up()
    {
        var lost = new TaskCompletionSource();
        await using var client = servers.On("a", async (request, token) =>
        {
            token.Register(lost.SetResult);
            return await HangAsync(request, token);
        }).Answers("b").Client(2, options => options with { Hedging = new HedgingOptions { Delay = TimeSpan.FromMilliseconds(20), Share = 1 } });
        var asking = FakeServers.AskAsync(client);
        Assert.Equal(["a"], servers.Asked);
        servers.Time.Advance(TimeSpan.FromMilliseconds(20));
        Assert.Equal("b", await asking);
        await lost.Task;
    }

    [Fact]
    public async Task Second_attempts_keep_to_their_share_of_the_load()
    {
        await using var client = servers.On("a", SlowlyAsync).On("b", SlowlyAsync)
            .Client(2, options => options with { Hedging = new HedgingOptions { Delay = TimeSpan.FromMilliseconds(20), Share = 0.1 } });
        for (var i = 0; i < 40; i++)
        {
            await servers.PassAsync(FakeServers.AskAsync(client), TimeSpan.FromMilliseconds(20));
        }

        Assert.InRange(servers.Asked.Count, 42, 44);

        async Task<HttpResponseMessage> SlowlyAsync(HttpRequestMessage request, CancellationToken token)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), servers.Time, token);
            return FakeServers.Answer(request.RequestUri!.Host);
        }
    }

    [Fact]
    public async Task A_server_that_hangs_is_taken_for_dead_by_its_health_checks_and_its_requests_go_elsewhere()
    {
        await using var client = servers.On("a", HangAsync).Answers("b").Client(2);
        var asking = FakeServers.AskAsync(client);
        var dead = client.Pool.Servers[0];
        for (var check = 0; check < 3; check++)
        {
            Assert.False(asking.IsCompleted);
            var checking = client.Health.CheckAsync(dead);
            servers.Time.Advance(TimeSpan.FromSeconds(2));
            await checking;
        }

        Assert.Equal("b", await asking);
        Assert.False(dead.Healthy);
        servers.Answers("a");
        await client.Health.CheckAsync(dead);
        Assert.True(dead.Healthy);
        await AskTwiceAsync(client);
        Assert.Contains("a", servers.Asked.TakeLast(2));
    }

    [Fact]
    public async Task A_server_that_says_not_ready_gets_nothing_new_and_may_finish()
    {
        var hold = new TaskCompletionSource<HttpResponseMessage>();
        await using var client = servers.On("a", (request, _) => request.Method == HttpMethod.Get ? Task.FromResult(new HttpResponseMessage(HttpStatusCode.ServiceUnavailable)) : hold.Task).Answers("b").Client(2);
        var asking = FakeServers.AskAsync(client);
        await client.Health.CheckAsync(client.Pool.Servers[0]);
        await AskTwiceAsync(client);
        Assert.Equal(2, servers.Asked.Count(host => host == "a"));
        hold.SetResult(FakeServers.Answer("a"));
        Assert.Equal("a", await asking);
    }

    [Fact]
    public async Task An_answer_that_is_no_answer_is_told_and_not_tried_again()
    {
        await using var client = servers.On("a", (_, _) => Task.FromResult(new HttpResponseMessage { Content = new StringContent("<html>") })).Answers("b").Client(2);
        var refused = await Assert.ThrowsAsync<ProblemException>(() => FakeServers.AskAsync(client));
        Assert.Equal("server-answer-invalid", refused.Problem.Code);
    }

    [Fact]
    public void Options_are_checked()
    {
        Assert.Equal("option-invalid", Assert.Throws<ProblemException>(() => servers.Client(1, options => options with { Servers = [] })).Problem.Code);
        Assert.Equal("option-invalid", Assert.Throws<ProblemException>(() => servers.Client(1, options => options with { Attempts = 0 })).Problem.Code);
        Assert.Equal("option-invalid", Assert.Throws<ProblemException>(() => servers.Client(1, options => options with { Servers = [new Uri("ftp://x")] })).Problem.Code);
    }

    private static async Task AskTwiceAsync(IModelServer client)
    {
        await FakeServers.AskAsync(client);
        await FakeServers.AskAsync(client);
    }

    private static async Task<HttpResponseMessage> HangAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.Infinite, cancellationToken);
        return new HttpResponseMessage();
    }

    private sealed class BreakingContent : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => throw new IOException("reset by peer");

        protected override bool TryComputeLength(out long length)
        {
            length = 10;
            return true;
        }
    }
}
