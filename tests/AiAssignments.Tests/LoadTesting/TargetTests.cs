using AiAssignments.Core.Errors;
using AiAssignments.LoadTesting;
using AiAssignments.LoadTesting.Requests;
using AiAssignments.LoadTesting.Targets;
using AiAssignments.LoadTesting.Transports;

namespace AiAssignments.Tests.LoadTesting;

/// <summary>It only aims where it is told, and not past its limits.</summary>
public sealed class TargetTests
{
    [Theory]
    [InlineData("http://127.0.0.1:7071/api?x=1", LoadProtocol.Http1, "127.0.0.1:7071", false)]
    [InlineData("http://localhost/", LoadProtocol.Http1, "127.0.0.1:80", false)]
    [InlineData("https://127.0.0.1/", LoadProtocol.Http1, "127.0.0.1:443", true)]
    [InlineData("ws://127.0.0.1:1/client", LoadProtocol.WebSocket, "127.0.0.1:1", false)]
    [InlineData("wss://127.0.0.1/", LoadProtocol.WebSocket, "127.0.0.1:443", true)]
    [InlineData("grpc://[::1]:8001", LoadProtocol.Grpc, "[::1]:8001", false)]
    [InlineData("grpcs://127.0.0.1:8001", LoadProtocol.Grpc, "127.0.0.1:8001", true)]
    public async Task Targets_are_looked_up_once(string url, LoadProtocol protocol, string address, bool tls)
    {
        var target = await LoadTarget.ResolveAsync(url, null, allowRemote: false);
        Assert.Equal((protocol, address, tls, true), (target.Protocol, target.Address.ToString(), target.Tls, target.IsLoopback));
        Assert.Equal(tls ? "https" : "http", target.HttpUrl.Scheme);
    }

    [Theory]
    [InlineData("http://user:secret@127.0.0.1/", "target-invalid")]
    [InlineData("http://user@127.0.0.1/", "target-invalid")]
    [InlineData("ftp://127.0.0.1/", "target-invalid")]
    [InlineData("file:///etc/passwd", "target-invalid")]
    [InlineData("127.0.0.1:80", "target-invalid")]
    [InlineData("/path", "target-invalid")]
    [InlineData("", "target-invalid")]
    [InlineData("http://127.0.0.1/#part", "target-invalid")]
    [InlineData("grpc://127.0.0.1", "target-invalid")]
    [InlineData("http://192.0.2.1/", "target-remote")]
    [InlineData("http://[2001:db8::1]/", "target-remote")]
    [InlineData("http://0.0.0.0/", "target-remote")]
    public async Task What_is_no_target_is_refused(string url, string code)
    {
        var refused = await Assert.ThrowsAsync<ProblemException>(() => LoadTarget.ResolveAsync(url, null, allowRemote: false));
        Assert.Equal(code, refused.Problem.Code);
        Assert.DoesNotContain("secret", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_machine_must_be_allowed_and_a_scheme_goes_with_its_protocol()
    {
        Assert.False((await LoadTarget.ResolveAsync("http://192.0.2.1/", LoadProtocol.Http2, allowRemote: true)).IsLoopback);
        await Assert.ThrowsAsync<ProblemException>(() => LoadTarget.ResolveAsync("ws://127.0.0.1/", LoadProtocol.Http2, allowRemote: false));
    }

    [Fact]
    public async Task Limits_hold_however_a_test_is_asked_for()
    {
        var plan = new LoadPlan
        {
            Target = await LoadTarget.ResolveAsync("http://127.0.0.1/", null, allowRemote: false),
            Requests = new RequestCycle(new LoadRequest("GET", "/", default)),
            Model = new ClosedModel(10),
        };
        plan.Limits.Check(plan);
        foreach (var past in new[]
        {
            plan with { Model = new ClosedModel(0) },
            plan with { Model = new ClosedModel(20_001) },
            plan with { Model = OpenModel.Constant(100_001) },
            plan with { Connections = 20_001, Model = OpenModel.Constant(1) },
            plan with { Duration = TimeSpan.FromHours(1) },
            plan with { Duration = TimeSpan.Zero },
            plan with { WarmUp = TimeSpan.FromSeconds(-1) },
            plan with { Timeout = TimeSpan.FromHours(1) },
        })
        {
            Assert.Equal("load-limit", Assert.Throws<ProblemException>(() => past.Limits.Check(past)).Problem.Code);
        }
    }

    [Theory]
    [InlineData("X-A", "a\r\nX-B: b")]
    [InlineData("X A", "a")]
    [InlineData("", "a")]
    [InlineData("X-A\r\n", "a")]
    [InlineData("X-A", "ü")]
    [InlineData("content-length", "5")]
    [InlineData("Transfer-Encoding", "chunked")]
    public void Headers_cannot_break_out(string name, string value) =>
        Assert.Equal("header-invalid", Assert.Throws<ProblemException>(() => RequestHeaders.Check([new(name, value)])).Problem.Code);

    [Theory]
    [InlineData("GET", "no-slash")]
    [InlineData("GET", "/a b")]
    [InlineData("GET", "/a\r\nX: y")]
    [InlineData("GET", "/ü")]
    [InlineData("G T", "/")]
    [InlineData("", "/")]
    public void Requests_cannot_break_out(string method, string path) =>
        Assert.Equal("request-invalid", Assert.Throws<ProblemException>(() => new LoadRequest(method, path, default)).Problem.Code);

    [Theory]
    [InlineData("30s", 30_000)]
    [InlineData("1.5s", 1_500)]
    [InlineData("250ms", 250)]
    [InlineData("2m", 120_000)]
    [InlineData("1h", 3_600_000)]
    public void Times_are_read(string text, double milliseconds) => Assert.Equal(milliseconds, TimeText.Parse(text, "--x").TotalMilliseconds);

    [Theory]
    [InlineData("30")]
    [InlineData("-1s")]
    [InlineData("1e9s")]
    [InlineData("999h")]
    [InlineData("s")]
    [InlineData("")]
    public void What_is_no_time_is_refused(string text) => Assert.Throws<ProblemException>(() => TimeText.Parse(text, "--x"));
}
