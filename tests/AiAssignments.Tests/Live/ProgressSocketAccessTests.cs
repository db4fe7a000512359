using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AiAssignments.Core.Errors;
using AiAssignments.Embedded.Live;
using Microsoft.Extensions.Time.Testing;

namespace AiAssignments.Tests.Live;

/// <summary>Who is let in.</summary>
public sealed class ProgressSocketAccessTests
{
    [Fact]
    public async Task Negotiate_names_a_url_of_the_clients_own_origin_that_works()
    {
        await using var server = await LiveServer.StartAsync();
        using var http = new HttpClient { BaseAddress = server.Address };
        using var response = await http.PostAsync(new Uri("/api/negotiate", UriKind.Relative), null);
        Assert.Equal("no-store", response.Headers.CacheControl!.ToString());
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        var url = new Uri(answer.GetProperty("url").GetString()!);
        Assert.Equal("ws", url.Scheme);
        Assert.Equal(server.Address.Authority, url.Authority);
        Assert.Equal(LiveClient.Protocol, answer.GetProperty("protocol").GetString());
        Assert.InRange(answer.GetProperty("expiresAt").GetDateTimeOffset(), DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddMinutes(6));
        using var client = await LiveClient.ConnectAsync(url, origin: $"http://{server.Address.Authority}");
        await client.JoinAsync("job:x");
    }

    [Theory]
    [InlineData("https", "wss://aia.example/client")]
    [InlineData("http", "ws://aia.example/client")]
    public async Task Behind_a_proxy_that_ends_tls_the_pages_own_origin_decides(string scheme, string start)
    {
        await using var server = await LiveServer.StartAsync();
        using var http = new HttpClient { BaseAddress = server.Address };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/negotiate");
        request.Headers.Host = "aia.example";
        request.Headers.Add("Origin", $"{scheme}://aia.example");
        using var response = await http.SendAsync(request);
        var url = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("url").GetString();
        Assert.StartsWith(start, url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_token_of_this_process_nobody_gets_in()
    {
        await using var server = await LiveServer.StartAsync();
        await using var other = await LiveServer.StartAsync();
        var good = await server.UrlAsync();
        Assert.Equal(401, await StatusAsync(new UriBuilder(good) { Query = string.Empty }.Uri));
        Assert.Equal(401, await StatusAsync(new UriBuilder(good) { Query = "access_token=x" }.Uri));
        Assert.Equal(401, await StatusAsync(new UriBuilder(await other.UrlAsync()) { Port = server.Address.Port }.Uri));
    }

    [Fact]
    public async Task Pages_of_other_origins_and_other_protocols_are_turned_away()
    {
        await using var server = await LiveServer.StartAsync();
        var url = await server.UrlAsync();
        Assert.Equal(403, await StatusAsync(url, origin: "https://evil.example"));
        Assert.Equal(403, await StatusAsync(url, origin: "null"));
        Assert.Equal(403, await StatusAsync(url, origin: $"http://127.0.0.1:{server.Address.Port + 1}"));
        Assert.Equal(400, await StatusAsync(url, protocol: "json.reliable.webpubsub.azure.v1"));

        using var http = new HttpClient();
        using var plain = await http.GetAsync(new UriBuilder(url) { Scheme = "http" }.Uri);
        Assert.Equal(HttpStatusCode.BadRequest, plain.StatusCode);
        Assert.Contains("websocket-required", await plain.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_is_good_until_it_expires_and_not_when_anything_in_it_was_changed()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
        await using var hub = new ProgressHub(new ProgressHubOptions { TokenLifetime = TimeSpan.FromMinutes(5) }, time);
        var negotiated = await hub.NegotiateAsync(new Uri("https://aia.example:8443"), "ann", CancellationToken.None);
        Assert.Equal(time.GetUtcNow().AddMinutes(5), negotiated.ExpiresAt);
        Assert.StartsWith("wss://aia.example:8443/client?access_token=", negotiated.Url.AbsoluteUri, StringComparison.Ordinal);
        var token = negotiated.Url.Query["?access_token=".Length..];
        Assert.Equal("ann", hub.Admit(token).User);

        for (var position = 0; position < token.Length; position++)
        {
            // Another character of base64url; the last one of a part has bits that decoding ignores, and those must not pass either.
            var changed = token[..position] + (token[position] == 'A' ? 'B' : 'A') + token[(position + 1)..];
            Assert.Equal("request-unauthenticated", Assert.Throws<ProblemException>(() => hub.Admit(changed)).Problem.Code);
        }

        foreach (var wrong in new[] { null, "", ".", "..", token + ".", token + "A", token[..^1], new string('a', 100_000), "eyJhbGciOiJub25lIn0.e30.", token.Replace('.', ' ') })
        {
            Assert.Equal("request-unauthenticated", Assert.Throws<ProblemException>(() => hub.Admit(wrong)).Problem.Code);
        }

        time.Advance(TimeSpan.FromSeconds(299));
        hub.Admit(token);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Contains("expired", Assert.Throws<ProblemException>(() => hub.Admit(token)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_all_places_are_taken_a_client_is_told_when_to_come_again()
    {
        await using var server = await LiveServer.StartAsync(new ProgressHubOptions { MaxClients = 1 });
        var token = (await server.UrlAsync()).Query["?access_token=".Length..];
        using var client = await server.ConnectAsync();
        var refused = Assert.Throws<ProblemException>(() => server.Hub.Admit(token));
        Assert.Equal("progress-unavailable", refused.Problem.Code);
        Assert.NotNull(refused.RetryAfter);
    }

    [Fact]
    public async Task One_user_takes_no_more_places_than_are_given_to_one()
    {
        await using var server = await LiveServer.StartAsync(new ProgressHubOptions { MaxClientsPerUser = 1 });
        var token = (await server.UrlAsync()).Query["?access_token=".Length..];
        using (await server.ConnectAsync())
        {
            var refused = Assert.Throws<ProblemException>(() => server.Hub.Admit(token));
            Assert.Equal("rate-limited", refused.Problem.Code);
            Assert.NotNull(refused.RetryAfter);
            using var another = await ConnectAsync("another");
            using var nobody = await ConnectAsync(null);
            using var noOne = await ConnectAsync(null);
        }

        await Caching.Eventually.HoldsAsync(() => server.Hub.Clients == 0);
        Assert.Equal("someone", server.Hub.Admit(token).User);

        async Task<LiveClient> ConnectAsync(string? user) => await LiveClient.ConnectAsync((await server.Hub.NegotiateAsync(server.Address, user, CancellationToken.None)).Url);
    }

    [Fact]
    public async Task A_socket_that_is_old_is_closed_so_that_its_owner_asks_anew()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var server = await LiveServer.StartAsync(new ProgressHubOptions { MaxAge = TimeSpan.FromHours(1) }, time);
        using var client = await server.ConnectAsync();
        await client.JoinAsync("jobs");
        time.Advance(TimeSpan.FromMinutes(53));
        Assert.Equal("pong", (await client.AskAsync("""{"type":"ping"}""")).GetProperty("type").GetString());
        time.Advance(TimeSpan.FromMinutes(7));
        var (status, why) = await client.EndAsync();
        Assert.Equal(System.Net.WebSockets.WebSocketCloseStatus.NormalClosure, status);
        Assert.Contains("negotiate anew", why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_names_no_host_cannot_be_told_where_to_connect()
    {
        await using var server = await LiveServer.StartAsync();
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync(server.Address.Host, server.Address.Port);
        await client.GetStream().WriteAsync("POST /api/negotiate HTTP/1.0\r\nContent-Length: 0\r\n\r\n"u8.ToArray());
        using var answer = new StreamReader(client.GetStream());
        var text = await answer.ReadToEndAsync();
        Assert.Contains(" 400 ", text[..text.IndexOf('\r', StringComparison.Ordinal)], StringComparison.Ordinal);
        Assert.Contains("request-malformed", text, StringComparison.Ordinal);
    }

    private static async Task<int> StatusAsync(Uri url, string? origin = null, string protocol = LiveClient.Protocol) =>
        (await Assert.ThrowsAsync<LiveClient.RefusedException>(() => LiveClient.ConnectAsync(url, protocol, origin))).Status;
}
