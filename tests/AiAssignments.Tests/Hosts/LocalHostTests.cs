using System.Net;
using System.Text.Json;
using AiAssignments.Tests.Support;

namespace AiAssignments.Tests.Hosts;

/// <summary>The README's first command, with a data folder and a port of its own.</summary>
public sealed class LocalHostTests
{
    private const string Assembly = "AiAssignments.Local.dll";

    [Fact]
    public async Task It_evaluates_the_samples_watches_its_folder_survives_a_kill_and_evaluates_nothing_twice()
    {
        using var folder = new TemporaryFolder();
        var data = folder.File("data");
        string evaluations;
        await using (var host = Start(data))
        {
            await host.SayAsync("Watching ");
            foreach (var dataset in new[] { "sentiment.csv", "topics.jsonl", "entities.conll", "fashion.zip" })
            {
                Assert.Contains("[", await host.SayAsync($" on {dataset}: {(dataset == "entities.conll" ? "entity F1" : "accuracy")} "), StringComparison.Ordinal);
            }

            Assert.Equal(4, host.Text.Split('\n').Count(line => line.StartsWith("  report: ", StringComparison.Ordinal) && File.Exists(line["  report: ".Length..])));

            File.Copy(Path.Combine(RepositoryRoot.Path, "src", "AiAssignments.Local", "samples", "topics.jsonl"), folder.File("mine.jsonl"));
            await File.AppendAllTextAsync(folder.File("mine.jsonl"), "{\"text\": \"The striker scored twice in the final\", \"label\": \"Sports\"}\n");
            File.Move(folder.File("mine.jsonl"), Path.Combine(data, "datasets", "mine.jsonl"));
            await host.SayAsync(" on mine.jsonl: accuracy ");

            using var http = new HttpClient { BaseAddress = await AddressAsync(host) };
            evaluations = await http.GetStringAsync(new Uri("/api/evaluations", UriKind.Relative));
            Assert.Equal(5, JsonDocument.Parse(evaluations).RootElement.GetProperty("items").GetArrayLength());
            await host.KillAsync();
        }

        await using (var host = Start(data))
        {
            await host.SayAsync(" on mine.jsonl: accuracy ");
            await host.SayAsync("Watching ");
            using var http = new HttpClient { BaseAddress = await AddressAsync(host) };
            Assert.Equal(evaluations, await http.GetStringAsync(new Uri("/api/evaluations", UriKind.Relative)));

            var second = await HostProcess.RunAsync(Assembly, null, "--data", data, "--urls", "http://127.0.0.1:0");
            Assert.Equal(3, second.ExitCode);
            Assert.Contains("[data-folder-in-use]", second.Error, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("option-unknown", "--url", "http://127.0.0.1:0")]
    [InlineData("option-unknown", "data")]
    [InlineData("option-invalid", "--data", "--urls")]
    [InlineData("option-invalid", "--device", "tpu")]
    [InlineData("option-invalid", "--batch-delay", "1001")]
    [InlineData("option-invalid", "--query-ttl=0")]
    [InlineData("option-invalid", "--inference-servers", "http://127.0.0.1:1", "--hedge-after", "soon")]
    public async Task What_it_does_not_take_is_named(string code, params string[] arguments)
    {
        var refused = await HostProcess.RunAsync(Assembly, null, arguments);
        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains($"[{code}]", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_shows_the_options_and_starts_nothing()
    {
        var (code, output, _) = await HostProcess.RunAsync(Assembly, null, "--help", "--urls", "http://127.0.0.1:0");
        Assert.Equal(0, code);
        Assert.Contains("--prediction-ttl SECONDS", output, StringComparison.Ordinal);
        Assert.DoesNotContain("Serving on", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_answers_only_those_who_may_ask()
    {
        using var folder = new TemporaryFolder();
        await using var host = Start(folder.File("data"), "--samples", "false");
        using var http = new HttpClient { BaseAddress = await AddressAsync(host) };

        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(new Uri("/api/health/live", UriKind.Relative))).StatusCode);
        using var page = await http.GetAsync(new Uri("/", UriKind.Relative));
        Assert.Contains("script-src 'self'", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);

        using var rebound = new HttpRequestMessage(HttpMethod.Get, "/api/models");
        rebound.Headers.Host = "evil.example";
        Assert.Equal(HttpStatusCode.Forbidden, (await http.SendAsync(rebound)).StatusCode);

        using var foreign = new HttpRequestMessage(HttpMethod.Delete, "/api/evaluations/0123");
        foreign.Headers.Add("Origin", "https://evil.example");
        Assert.Equal(HttpStatusCode.Forbidden, (await http.SendAsync(foreign)).StatusCode);

        using var missing = await http.GetAsync(new Uri("/api/evaluations/0123456789", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        Assert.Equal("application/problem+json", missing.Content.Headers.ContentType!.MediaType);
        Assert.Contains("evaluation-not-found", await missing.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync(new Uri("/reports/0123456789/..%2f..%2fdocuments.db", UriKind.Relative))).StatusCode);
    }

    [Fact]
    public async Task Pages_of_a_listed_origin_may_ask_change_and_watch()
    {
        const string Listed = "https://app.example";
        using var folder = new TemporaryFolder();
        await using var host = Start(folder.File("data"), "--samples", "false", "--cors-origins", Listed);
        using var http = new HttpClient { BaseAddress = await AddressAsync(host) };
        foreach (var (origin, allowed) in new[] { (Listed, true), ("https://evil.example", false) })
        {
            using var preflight = new HttpRequestMessage(HttpMethod.Options, "/api/evaluations");
            preflight.Headers.Add("Origin", origin);
            preflight.Headers.Add("Access-Control-Request-Method", "POST");
            preflight.Headers.Add("Access-Control-Request-Headers", "content-type");
            using var shown = await http.SendAsync(preflight);
            Assert.Equal(allowed, shown.Headers.Contains("Access-Control-Allow-Origin"));
            Assert.Equal(allowed ? HttpStatusCode.NoContent : HttpStatusCode.Forbidden, shown.StatusCode);

            using var negotiate = new HttpRequestMessage(HttpMethod.Post, "/api/negotiate");
            negotiate.Headers.Add("Origin", origin);
            using var negotiated = await http.SendAsync(negotiate);
            Assert.Equal(allowed ? HttpStatusCode.OK : HttpStatusCode.Forbidden, negotiated.StatusCode);
        }

        using var own = await http.PostAsync(new Uri("/api/negotiate", UriKind.Relative), null);
        var url = new Uri(JsonDocument.Parse(await own.Content.ReadAsStringAsync()).RootElement.GetProperty("url").GetString()!);
        using var client = await Live.LiveClient.ConnectAsync(url, origin: Listed);
        await client.JoinAsync("jobs");
        Assert.Equal(403, (await Assert.ThrowsAsync<Live.LiveClient.RefusedException>(() => Live.LiveClient.ConnectAsync(url, origin: "https://evil.example"))).Status);
    }

    [Fact]
    public async Task It_speaks_http_2_where_it_is_told_to()
    {
        using var folder = new TemporaryFolder();
        var port = FreePort();
        await using var host = Start(folder.File("data"), "--samples", "false", "--http2-url", $"http://127.0.0.1:{port}");
        await host.SayAsync("Serving on ");
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using var reply = await http.GetAsync(new Uri("/api/health/live", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
        Assert.Equal(HttpVersion.Version20, reply.Version);
    }

    [Theory]
    [InlineData("http://127.0.0.1:0")]
    [InlineData("http://127.0.0.1:7071")]
    [InlineData("https://127.0.0.1:7072")]
    [InlineData("7072")]
    public async Task An_address_for_http_2_has_a_port_of_its_own(string url)
    {
        using var folder = new TemporaryFolder();
        var (exit, _, error) = await HostProcess.RunAsync(Assembly, null, "--data", folder.File("data"), "--http2-url", url);
        Assert.Equal(1, exit);
        Assert.Contains("[option-invalid]", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://0.0.0.0:7071", "address-not-loopback")]
    [InlineData("http://example.org:7071", "address-not-loopback")]
    [InlineData("7071", "option-invalid")]
    public async Task It_refuses_to_listen_where_others_can_reach_it(string url, string code)
    {
        using var folder = new TemporaryFolder();
        var (exit, _, error) = await HostProcess.RunAsync(Assembly, null, "--data", folder.File("data"), "--urls", url);
        Assert.Equal(1, exit);
        Assert.Contains($"[{code}]", error, StringComparison.Ordinal);
    }

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static HostProcess Start(string data, params string[] more) =>
        HostProcess.Start(Assembly, ["--data", data, "--urls", "http://127.0.0.1:0", .. more]);

    private static async Task<Uri> AddressAsync(HostProcess host)
    {
        var line = await host.SayAsync("Serving on ");
        return new Uri(line["Serving on ".Length..line.IndexOf(';', StringComparison.Ordinal)]);
    }
}
