namespace AiAssignments.IntegrationTests.LoadTesting;

/// <summary>Every protocol against Kestrel in this process, with and without TLS.</summary>
public sealed class ProtocolLoadTests
{
    [Theory]
    [InlineData("http1")]
    [InlineData("http2")]
    public async Task Tls_needs_a_certificate_that_is_valid_or_a_word_that_any_will_do(string protocol)
    {
        await using var server = await EchoServer.StartAsync(tls: true);
        var (exit, _, error) = await AiaLoadTest.RunAsync($"{server.Address}", "--protocol", protocol, "--users", "2");
        Assert.Equal(1, exit);
        Assert.Contains("[target-unreachable]", error, StringComparison.Ordinal);

        var report = await AiaLoadTest.ReportAsync($"{server.Address}", "--protocol", protocol, "--users", "2", "--think", "2ms", "--insecure");
        Assert.True(report.Count("succeeded") > 10);
        Assert.Equal(0, report.Count("failed"));
    }

    [Fact]
    public async Task A_socket_s_messages_come_back()
    {
        await using var server = await EchoServer.StartAsync(tls: false);
        var report = await AiaLoadTest.ReportAsync($"ws://{server.Address.Authority}/echo", "--rate", "100", "--body", "message {n}");
        Assert.InRange(report.Count("total"), 140, 151);
        Assert.Equal(0, report.Count("failed"));
    }

    [Fact]
    public async Task What_is_published_to_a_group_is_received()
    {
        await using var server = await EchoServer.StartAsync(tls: false);
        var report = await AiaLoadTest.ReportAsync($"ws://{server.Address.Authority}/hub", "--group", "load", "--users", "4", "--think", "5ms", "--body", "hello");
        Assert.True(report.Count("succeeded") > 10);
        Assert.Equal(0, report.Count("failed"));
        Assert.Equal("websocket", report.GetProperty("load").GetProperty("protocol").GetString());
    }

    [Fact]
    public async Task A_path_that_is_no_socket_is_said()
    {
        await using var server = await EchoServer.StartAsync(tls: true);
        var (exit, _, error) = await AiaLoadTest.RunAsync($"wss://{server.Address.Authority}/echo", "--users", "1");
        Assert.Equal(1, exit);
        Assert.Contains("[target-unreachable]", error, StringComparison.Ordinal);
    }
}
