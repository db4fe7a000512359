using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using AiAssignments.Core.Errors;
using AiAssignments.Http.Access;
using AiAssignments.Pipeline.Access;
using AiAssignments.Pipeline.Access.Keys;
using AiAssignments.Pipeline.Access.Rates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace AiAssignments.Tests.Access;

/// <summary>Keys over HTTP, rates, sizes, times and origins, against a real web server.</summary>
public sealed class DoorTests
{
    private static readonly AccessOptions WithKeys = new() { Keys = true };

    [Fact]
    public async Task Keys_are_made_listed_rotated_and_deleted_while_the_server_runs()
    {
        await using var host = await GatewayHost.StartAsync(WithKeys with { AdminKeyHash = System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(new string('k', 40))) });
        var admin = new string('k', 40);
        using var made = await host.SendAsync("POST", "/api/keys", admin, JsonContent.Create(new { name = "job", scopes = new[] { "read", "write" } }));
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        Assert.True(made.Headers.CacheControl!.NoStore);
        var body = await made.Content.ReadFromJsonAsync<JsonElement>();
        var (id, key) = (body.GetProperty("id").GetString()!, body.GetProperty("key").GetString()!);
        Assert.Equal(["read", "write"], body.GetProperty("scopes").EnumerateArray().Select(scope => scope.GetString()));
        Assert.Equal($"/api/keys/{id}", made.Headers.Location!.ToString());

        Assert.Equal(HttpStatusCode.OK, (await host.SendAsync("GET", "/api/datasets/uploads", key)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await host.SendAsync("GET", "/api/keys", key)).StatusCode);
        var list = await (await host.SendAsync("GET", "/api/keys", admin)).Content.ReadAsStringAsync();
        Assert.Contains(id, list, StringComparison.Ordinal);
        Assert.DoesNotContain("sha256", list, StringComparison.Ordinal);
        Assert.DoesNotContain(key, list, StringComparison.Ordinal);

        var rotated = await (await host.SendAsync("POST", $"/api/keys/{id}/rotate?overlapSeconds=60", admin)).Content.ReadFromJsonAsync<JsonElement>();
        var next = rotated.GetProperty("key").GetString()!;
        Assert.Equal(HttpStatusCode.OK, (await host.SendAsync("GET", "/api/datasets/uploads", key)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await host.SendAsync("GET", "/api/datasets/uploads", next)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await host.SendAsync("DELETE", $"/api/keys/{id}", admin)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await host.SendAsync("GET", "/api/datasets/uploads", next)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await host.SendAsync("DELETE", $"/api/keys/{id}", admin)).StatusCode);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("not json")]
    [InlineData("""{"name":"a","scopes":["root"]}""")]
    [InlineData("""{"name":"a","scopes":[null]}""")]
    [InlineData("""{"name":"a","scopes":["read"],"requestsPerSecond":-1}""")]
    [InlineData("""{"name":"a","scopes":["read"],"requestsPerSecond":1e300}""")]
    public async Task A_key_that_cannot_be_meant_is_refused(string body)
    {
        await using var host = await GatewayHost.StartAsync();
        using var response = await host.SendAsync("POST", "/api/keys", body: new StringContent(body, Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task Each_key_has_its_own_rate_and_wrong_ones_are_slowed_too()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var host = await GatewayHost.StartAsync(WithKeys with { AddressLimit = new RateLimit(1, 2) }, time: time);
        var slow = (await host.Keys.CreateAsync(new NewKey("slow", AccessScope.Read, Limit: new RateLimit(0.5, 1)), CancellationToken.None)).Text;
        var other = await host.KeyAsync(AccessScope.Read);
        Assert.Equal(HttpStatusCode.OK, (await host.SendAsync("GET", "/api/datasets/uploads", slow)).StatusCode);
        using var limited = await host.SendAsync("GET", "/api/datasets/uploads", slow);
        Assert.Equal(HttpStatusCode.TooManyRequests, limited.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(2), limited.Headers.RetryAfter!.Delta);
        Assert.Equal("rate-limited", await GatewayHost.CodeAsync(limited));
        Assert.Equal(HttpStatusCode.OK, (await host.SendAsync("GET", "/api/datasets/uploads", other)).StatusCode);

        Assert.Equal(HttpStatusCode.Unauthorized, (await host.SendAsync("GET", "/api/datasets/uploads", "guess")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await host.SendAsync("GET", "/api/datasets/uploads")).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await host.SendAsync("GET", "/api/datasets/uploads", "guess")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await host.SendAsync("GET", "/api/datasets/uploads", other)).StatusCode);
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_refused_announced_or_not()
    {
        await using var host = await GatewayHost.StartAsync();
        var large = new byte[64 * 1024];
        large.AsSpan().Fill((byte)' ');
        foreach (var chunked in new[] { false, true })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/keys") { Content = new ByteArrayContent(large) };
            request.Content.Headers.ContentType = new("application/json");
            request.Headers.TransferEncodingChunked = chunked;
            using var response = await host.Http.SendAsync(request);
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
            Assert.Equal("request-too-large", await GatewayHost.CodeAsync(response));
        }
    }

    [Fact]
    public async Task An_answer_that_takes_too_long_is_given_up()
    {
        await using var host = await GatewayHost.StartAsync(
            limits: new RequestLimits { Answer = TimeSpan.FromMilliseconds(50) },
            map: app => app.MapGet("/slow", (HttpContext context) => Task.Delay(Timeout.Infinite, context.RequestAborted)));
        using var response = await host.SendAsync("GET", "/slow");
        Assert.Equal(HttpStatusCode.GatewayTimeout, response.StatusCode);
        Assert.Equal("deadline-exceeded", await GatewayHost.CodeAsync(response));
    }

    [Fact]
    public async Task Headers_beyond_the_limit_are_refused()
    {
        await using var host = await GatewayHost.StartAsync();
        using var response = await host.SendAsync("GET", "/api/keys", headers: ("X-Long", new string('x', 40_000)));
        Assert.Equal(HttpStatusCode.RequestHeaderFieldsTooLarge, response.StatusCode);
    }

    [Theory]
    [InlineData("https://app.example", true)]
    [InlineData("https://app.example.evil", false)]
    [InlineData("null", false)]
    public async Task Pages_of_listed_origins_may_call_and_no_others(string origin, bool allowed)
    {
        await using var host = await GatewayHost.StartAsync(WithKeys with { Origins = ["https://app.example"] });
        using var preflight = await host.SendAsync("OPTIONS", "/api/datasets/uploads/abc", null, null, ("Origin", origin), ("Access-Control-Request-Method", "PATCH"), ("Access-Control-Request-Headers", "authorization,upload-offset,tus-resumable"));
        Assert.Equal(allowed, preflight.Headers.Contains("Access-Control-Allow-Origin"));
        using var asked = await host.SendAsync("GET", "/api/datasets/uploads", await host.KeyAsync(AccessScope.Read), null, ("Origin", origin));
        Assert.Equal(allowed, asked.Headers.Contains("Access-Control-Allow-Origin"));
        Assert.False(asked.Headers.Contains("Access-Control-Allow-Credentials"));
    }

    [Fact]
    public async Task Without_a_list_no_origin_may_call()
    {
        await using var host = await GatewayHost.StartAsync();
        using var asked = await host.SendAsync("GET", "/api/datasets/uploads", headers: ("Origin", "https://app.example"));
        Assert.False(asked.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task A_server_that_asks_for_no_key_answers_its_machine_only_and_one_that_does_needs_an_admin()
    {
        await using var host = await GatewayHost.StartAsync();
        var open = new AccessGate(new AccessOptions(), host.Keys, null, TimeProvider.System);
        Assert.Equal(AccessScope.Admin, (await open.AdmitAsync(new Credentials(null, null, IPAddress.Parse("::ffff:127.0.0.1")), AccessScope.Admin, CancellationToken.None)).Scope);
        foreach (var address in new[] { "10.0.0.1", "::ffff:10.0.0.1", "2001:db8::1" })
        {
            var refused = await Assert.ThrowsAsync<ProblemException>(() => open.AdmitAsync(new Credentials(null, null, IPAddress.Parse(address)), AccessScope.Anonymous, CancellationToken.None).AsTask());
            Assert.Equal("request-unauthenticated", refused.Problem.Code);
        }

        var closed = new AccessGate(WithKeys, host.Keys, null, TimeProvider.System);
        await host.KeyAsync(AccessScope.Write);
        Assert.Equal("admin-key-missing", (await Assert.ThrowsAsync<ProblemException>(() => closed.EnsureAdministrableAsync(CancellationToken.None))).Problem.Code);
        await host.KeyAsync(AccessScope.Admin);
        await closed.EnsureAdministrableAsync(CancellationToken.None);
    }

    [Fact]
    public async Task All_addresses_of_an_IPv6_network_share_one_rate()
    {
        await using var host = await GatewayHost.StartAsync();
        var gate = new AccessGate(WithKeys with { AddressLimit = new RateLimit(1, 2) }, host.Keys, null, new Microsoft.Extensions.Time.Testing.FakeTimeProvider());
        var codes = new List<string>();
        for (var i = 1; i <= 3; i++)
        {
            var refused = await Assert.ThrowsAsync<ProblemException>(() => gate.AdmitAsync(new Credentials(null, null, IPAddress.Parse($"2001:db8::{i}")), AccessScope.Read, CancellationToken.None).AsTask());
            codes.Add(refused.Problem.Code);
        }

        Assert.Equal(["request-unauthenticated", "request-unauthenticated", "rate-limited"], codes);
    }
}
