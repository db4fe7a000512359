using System.Net.Sockets;
using System.Text;
using AiAssignments.Core.Errors;
using AiAssignments.LoadTesting;
using AiAssignments.LoadTesting.Reports;
using AiAssignments.LoadTesting.Requests;
using AiAssignments.LoadTesting.Targets;

namespace AiAssignments.Tests.LoadTesting;

/// <summary>What servers do that mean no good, or have none of it: each is an error of its kind, bounded in time and memory.</summary>
public sealed class HostileServerTests
{
    private const string Good = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    [Fact]
    public async Task A_good_server_is_counted_to_the_byte()
    {
        await using var server = ScriptedServer.Answering(Good);
        var report = await RunAsync(server, plan => plan with { Headers = [new("X-Trace", "t")] });
        Assert.True(report.Requests.Total > 10);
        Assert.Equal(0, report.Errors.Total);
        Assert.Equal(1, report.Requests.SuccessRate);
        Assert.Equal(report.Requests.Total * Good.Length, report.Requests.BytesReceived);
        var request = $"GET /path?x=1 HTTP/1.1\r\nHost: {server.Address}\r\nX-Trace: t\r\nUser-Agent: aia-loadtest\r\n\r\n";
        Assert.Equal(report.Requests.Total * request.Length, report.Requests.BytesSent);
        Assert.Equal(2, server.Connections);
        Assert.Equal("time", report.Ended);
        Assert.Equal(report.Requests.Total, report.Statuses["200"]);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nok", "longer than it said")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\nok", "larger than")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n40000000\r\n", "larger than")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "chunked answer")]
    [InlineData("SSH-2.0-OpenSSH_9.2p1\r\n\r\n", "status line")]
    public async Task Answers_that_break_their_framing_are_errors_of_the_body(string answer, string told)
    {
        await using var server = ScriptedServer.Answering(answer);
        var report = await RunAsync(server, plan => plan with { LargestBody = 1 << 20 });
        Assert.True(report.Errors.Body > 0);
        Assert.Equal(report.Requests.Total, report.Errors.Body);
        Assert.Null(report.Latency);
        Assert.Contains(report.Messages.Keys, message => message.Contains(told, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_head_without_end_is_given_up_at_its_limit()
    {
        await using var server = new ScriptedServer(async (stream, _, cancellationToken) =>
        {
            await ScriptedServer.ReadRequestAsync(stream, cancellationToken);
            var line = Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\n{string.Concat(Enumerable.Repeat("X-More: of the same\r\n", 100))}");
            while (true)
            {
                await stream.WriteAsync(line, cancellationToken);
                line = line[17..].Length > 0 ? Encoding.ASCII.GetBytes("X-More: of the same\r\n") : line;
            }
        });
        var report = await RunAsync(server);
        Assert.Equal(report.Requests.Total, report.Errors.Body);
        Assert.Contains("The answer's head does not end.", report.Messages.Keys);
        Assert.InRange(report.Requests.BytesReceived, 1, report.Requests.Total * 200_000);
    }

    [Fact]
    public async Task A_body_without_end_is_given_up_at_its_limit()
    {
        await using var server = new ScriptedServer(async (stream, _, cancellationToken) =>
        {
            await ScriptedServer.ReadRequestAsync(stream, cancellationToken);
            await stream.WriteAsync("HTTP/1.1 200 OK\r\n\r\n"u8.ToArray(), cancellationToken);
            var block = new byte[64 << 10];
            while (true)
            {
                await stream.WriteAsync(block, cancellationToken);
            }
        });
        var report = await RunAsync(server, plan => plan with { LargestBody = 1 << 20 });
        Assert.Equal(report.Requests.Total, report.Errors.Body);
        Assert.InRange(report.Requests.BytesReceived, 1, report.Requests.Total * (2 << 20));
    }

    [Fact]
    public async Task Silence_and_drops_by_drops_are_timeouts()
    {
        await using var server = new ScriptedServer(async (stream, number, cancellationToken) =>
        {
            await ScriptedServer.ReadRequestAsync(stream, cancellationToken);
            while (number % 2 == 0)
            {
                await stream.WriteAsync("H"u8.ToArray(), cancellationToken);
                await Task.Delay(20, cancellationToken);
            }

            await Task.Delay(Timeout.Infinite, cancellationToken);
        });
        var report = await RunAsync(server, plan => plan with { Timeout = TimeSpan.FromMilliseconds(250) });
        Assert.True(report.Errors.Timeout >= 2);
        Assert.Equal(report.Requests.Total, report.Errors.Timeout);
        Assert.True(report.Latency!.Min >= 250);
    }

    [Fact]
    public async Task Connections_that_end_in_the_middle_are_resets()
    {
        await using var server = new ScriptedServer(async (stream, number, cancellationToken) =>
        {
            await ScriptedServer.ReadRequestAsync(stream, cancellationToken);
            if (number % 2 == 0)
            {
                await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"u8.ToArray(), cancellationToken);
            }
            else
            {
                stream.Socket.LingerState = new LingerOption(true, 0);
            }
        });
        var report = await RunAsync(server);
        Assert.True(report.Errors.Reset > 1);
        Assert.Equal(report.Requests.Total, report.Errors.Reset);
    }

    [Fact]
    public async Task A_kept_connection_that_was_closed_while_idle_is_no_error()
    {
        await using var server = new ScriptedServer(async (stream, _, cancellationToken) =>
        {
            // One answer a connection, without saying that it is the last.
            await ScriptedServer.ReadRequestAsync(stream, cancellationToken);
            await stream.WriteAsync(Encoding.ASCII.GetBytes(Good), cancellationToken);
        });
        var report = await RunAsync(server, plan => plan with { Model = new ClosedModel(2, TimeSpan.FromMilliseconds(20)) });
        Assert.True(report.Requests.Succeeded > 2);
        Assert.Equal(0, report.Requests.Failed);
    }

    [Fact]
    public async Task Statuses_interim_answers_and_closing_are_told_apart()
    {
        await using var server = new ScriptedServer(async (stream, _, cancellationToken) =>
        {
            await ScriptedServer.ReadRequestAsync(stream, cancellationToken);
            await stream.WriteAsync("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 302 Found\r\nLocation: http://192.0.2.1/\r\nConnection: close\r\n\r\ntext until the end"u8.ToArray(), cancellationToken);
        });
        var report = await RunAsync(server);
        Assert.Equal(report.Requests.Total, report.Errors.Status);
        Assert.Equal(["302"], report.Statuses.Keys);
        Assert.Null(report.Latency);
    }

    [Fact]
    public async Task Nobody_there_is_said_at_once()
    {
        var server = ScriptedServer.Answering(Good);
        var address = server.Address;
        await server.DisposeAsync();
        var refused = await Assert.ThrowsAsync<ProblemException>(async () => await LoadTest.RunAsync(await PlanAsync($"http://{address}/")));
        Assert.Equal("target-unreachable", refused.Problem.Code);
    }

    [Fact]
    public async Task A_server_that_goes_away_is_met_by_connect_errors_and_no_storm()
    {
        var server = ScriptedServer.Answering(Good);
        var plan = await PlanAsync($"http://{server.Address}/");
        var running = LoadTest.RunAsync(plan);
        await Task.Delay(150);
        await server.DisposeAsync();
        var report = await running;
        Assert.True(report.Requests.Succeeded > 0);
        Assert.True(report.Errors.Connect > 0);
        Assert.InRange(report.Errors.Connect, 1, 400);
    }

    [Fact]
    public async Task An_interruption_gives_the_figures_so_far()
    {
        await using var server = ScriptedServer.Answering(Good);
        using var stop = new StopAtFirst();
        var plan = await PlanAsync($"http://{server.Address}/");
        var report = await LoadTest.RunAsync(plan with { Duration = TimeSpan.FromMinutes(5), Model = OpenModel.Constant(200) }, stop, stop.Token);
        Assert.Equal("interrupted", report.Ended);
        Assert.InRange(report.Seconds, 0.05, 30);
        Assert.True(report.Requests.Succeeded > 0);
        Assert.Equal(0, report.Requests.Failed);
    }

    // Interrupts when something has been measured.
    private sealed class StopAtFirst : ILoadObserver, IDisposable
    {
        private readonly CancellationTokenSource source = new();

        public CancellationToken Token => source.Token;

        public void OnProgress(LoadProgress progress)
        {
            if (progress.Requests > 0)
            {
                source.Cancel();
            }
        }

        public void Dispose() => source.Dispose();
    }

    [Fact]
    public async Task A_body_with_a_tail_arrives_in_one_piece()
    {
        var tail = Enumerable.Range(0, 300_000).Select(i => (byte)('a' + (i % 26))).ToArray();
        var received = new System.Collections.Concurrent.ConcurrentQueue<string>();
        await using var server = new ScriptedServer(async (stream, _, cancellationToken) =>
        {
            var text = string.Empty;
            var buffer = new byte[1 << 20];
            while (await stream.ReadAsync(buffer, cancellationToken) is var read and > 0)
            {
                text += Encoding.Latin1.GetString(buffer, 0, read);
                if (text.IndexOf("\r\n\r\n", StringComparison.Ordinal) is var head and >= 0 && text.Length >= head + 4 + 4 + tail.Length)
                {
                    received.Enqueue(text);
                    text = string.Empty;
                    await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), cancellationToken);
                }
            }
        });

        // The second takes long to be made: it is sent all the same, and none in its place.
        var requests = new MadeRequests(ordinal =>
        {
            Assert.True(ordinal != 1 || SpinWait.SpinUntil(() => received.Count == 3, TimeSpan.FromMinutes(1)));
            return new LoadRequest("POST", "/x", Encoding.ASCII.GetBytes($"n{ordinal:D3}")) { Tail = tail };
        });
        var report = await RunAsync(server, plan => plan with { Duration = TimeSpan.FromMinutes(2), MostRequests = 4, Requests = requests });
        Assert.Equal((4, 0), (report.Requests.Total, report.Requests.Failed));
        Assert.All(received, text => Assert.Contains($"Content-Length: {4 + tail.Length}\r\n", text, StringComparison.Ordinal));
        var bodies = received.Select(text => text[(text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]).ToList();
        Assert.All(bodies, body => Assert.Equal(Encoding.ASCII.GetString(tail), body[4..]));
        Assert.Equal(["n000", "n001", "n002", "n003"], bodies.Select(body => body[..4]).Order());
        Assert.Equal(Encoding.ASCII.GetBytes("ab"), new LoadRequest("POST", "/", "a"u8.ToArray()) { Tail = "b"u8.ToArray() }.Whole.ToArray());
    }

    private static async Task<LoadReport> RunAsync(ScriptedServer server, Func<LoadPlan, LoadPlan>? change = null)
    {
        var plan = await PlanAsync($"http://{server.Address}/path?x=1");
        return await LoadTest.RunAsync(change?.Invoke(plan) ?? plan);
    }

    private static async Task<LoadPlan> PlanAsync(string url)
    {
        var target = await LoadTarget.ResolveAsync(url, null, allowRemote: false);
        return new LoadPlan
        {
            Target = target,
            Requests = new RequestCycle(new LoadRequest("GET", target.Url.PathAndQuery, default)),
            Model = new ClosedModel(2),
            Duration = TimeSpan.FromMilliseconds(400),
            WarmUp = TimeSpan.Zero,
        };
    }
}
