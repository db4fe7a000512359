using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using AiAssignments.IntegrationTests.Page;
using AiAssignments.Tests.Support;

namespace AiAssignments.IntegrationTests.LoadTesting;

/// <summary>Load on the local host that asks for a key, over HTTP/1.1, HTTP/2 and a WebSocket.</summary>
public sealed class LocalHostLoadTests : IAsyncLifetime
{
    private const string Key = "0123456789abcdef0123456789abcdef0123456789abcdef";
    private static readonly string Samples = Path.Combine(RepositoryRoot.Path, "src", "AiAssignments.Local", "samples");
    private readonly int http2Port = FreePort();
    private LocalServer server = null!;

    private string Http1 => $"http://127.0.0.1:{server.Address.Port}";

    private string Http2 => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{http2Port}");

    public async Task InitializeAsync()
    {
        server = new LocalServer("--samples", "false", "--auth", "keys", "--http2-url", Http2) { AdminKey = Key };
        await server.StartAsync();
    }

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task Texts_of_a_dataset_are_predicted_at_a_rate_over_http1_and_http2()
    {
        foreach (var (url, protocol) in new[] { (Http1, "http1"), (Http2, "http2") })
        {
            var report = await AiaLoadTest.ReportAsync($"{url}/api/models/topic/predict", "--protocol", protocol, "--key", Key, "--dataset", Path.Combine(Samples, "topics.jsonl"), "--rate", "60", "--poisson");
            Assert.InRange(report.Count("total"), 55, 130);
            Assert.Equal(0, report.Count("failed"));
            Assert.Equal((protocol, "open", "poisson"), (report.GetProperty("load").GetProperty("protocol").GetString(), report.GetProperty("load").GetProperty("model").GetString(), report.GetProperty("load").GetProperty("arrivals").GetString()));
            Assert.True(report.GetProperty("latency").GetProperty("p99").GetDouble() >= report.GetProperty("service").GetProperty("min").GetDouble());
            Assert.DoesNotContain(Key, report.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Messages_of_a_negotiated_socket_are_answered()
    {
        var report = await AiaLoadTest.ReportAsync($"ws://127.0.0.1:{server.Address.Port}/api/negotiate", "--negotiate", "--key", Key, "--users", "3", "--body", "{\"type\":\"ping\"}");
        Assert.True(report.Count("succeeded") > 10);
        Assert.Equal(0, report.Count("failed"));

        var joins = await AiaLoadTest.ReportAsync($"ws://127.0.0.1:{server.Address.Port}/api/negotiate", "--negotiate", "--key", Key, "--users", "2", "--think", "5ms", "--body", "{\"type\":\"joinGroup\",\"group\":\"jobs\",\"ackId\":{n}}");
        Assert.True(joins.Count("succeeded") > 10);
        Assert.Equal(0, joins.Count("failed"));
    }

    [Fact]
    public async Task What_fails_is_said_and_decides_the_exit_code()
    {
        var folder = server.Scratch("out");
        var (exit, output, _) = await AiaLoadTest.RunAsync($"{Http1}/api/models", "--users", "2", "--think", "50ms", "--fail-if", "errors>0.1%", "--fail-if", "p99>60s", "--out", folder);
        Assert.Equal(1, exit);
        Assert.Contains("FAILED        errors>0.1%: 100%", output, StringComparison.Ordinal);
        Assert.Contains("FAILED        p99>60s: nothing measured", output, StringComparison.Ordinal);
        Assert.Contains("401:", output, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(folder, "loadtest.html")) && File.Exists(Path.Combine(folder, "loadtest.json")));
        Assert.StartsWith("second,", await File.ReadAllTextAsync(Path.Combine(folder, "seconds.csv")), StringComparison.Ordinal);

        (exit, output, _) = await AiaLoadTest.RunAsync($"{Http1}/api/health/live", "--users", "2", "--think", "5ms", "--fail-if", "errors>0", "--fail-if", "p99>60s");
        Assert.Equal(0, exit);
        Assert.Contains("passed        p99>60s", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_capacity_is_searched_and_every_probe_shown()
    {
        // A bound that the first rates meet and a limit that is soon reached: p99 of 10 s at up to 100,000/s would take long, so the objective is one that nothing meets.
        var (exit, output, error) = await AiaLoadTest.RunAsync($"{Http1}/api/health/live", "--find-capacity", "--objective", "min<0.0001us", "--rate", "4");
        Assert.Equal(1, exit);
        Assert.Contains("doubling              4/s  not met", error, StringComparison.Ordinal);
        Assert.Contains("Not even 1 requests a second meet min<0.0001us", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_trace_is_replayed()
    {
        var trace = server.Scratch("trace.jsonl");
        await File.WriteAllTextAsync(trace, string.Concat(Enumerable.Range(0, 40).Select(i => string.Create(CultureInfo.InvariantCulture, $"{{\"offset\":{i * 0.02:F2},\"path\":\"{(i % 4 == 0 ? "/api/absent" : "/api/health/live")}\"}}\n"))));
        var report = await AiaLoadTest.TraceAsync($"{Http1}/", "--trace", trace, "--key", Key);
        Assert.Equal((40, 10, "schedule"), (report.Count("total"), report.Count("failed"), report.GetProperty("ended").GetString()));
        Assert.Equal(30, report.GetProperty("statuses").GetProperty("200").GetInt64());
        Assert.Equal(10, report.GetProperty("statuses").GetProperty("404").GetInt64());
        Assert.InRange(report.GetProperty("seconds").GetDouble(), 0.78, 20);
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task A_signal_ends_it_with_the_figures_so_far(string signal)
    {
        var folder = server.Scratch(signal);

        // env gives SIGINT back its meaning: a shell that starts tests in the background has it ignored by all of them.
        var start = new ProcessStartInfo("env", ["--default-signal=INT", "dotnet", "exec", Path.Combine(AppContext.BaseDirectory, "aia.dll"), "loadtest", $"{Http1}/api/health/live", "--users", "1", "--think", "10ms", "--warm-up", "0s", "--duration", "2m", "--full", "--out", folder])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));

        // Its first line tells of a second that is over.
        Assert.StartsWith("measuring", await process.StandardError.ReadLineAsync(patience.Token), StringComparison.Ordinal);
        using (var kill = Process.Start("kill", [$"-{signal}", process.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync(patience.Token);
        }

        var rest = process.StandardError.ReadToEndAsync(patience.Token);
        var output = await process.StandardOutput.ReadToEndAsync(patience.Token);
        await process.WaitForExitAsync(patience.Token);
        Assert.True(process.ExitCode == 130, $"{process.ExitCode}: {output}{await rest}");
        Assert.Contains("p99.9", output, StringComparison.Ordinal);
        using var report = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "loadtest.json"), patience.Token));
        Assert.Equal("interrupted", report.RootElement.GetProperty("ended").GetString());
        Assert.InRange(report.RootElement.GetProperty("seconds").GetDouble(), 0.5, 60);
        Assert.True(report.RootElement.Count("succeeded") > 0);
        Assert.Equal(0, report.RootElement.Count("failed"));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
