using System.Net;
using AiAssignments.Http.Routing;
using AiAssignments.Pipeline.Access;
using AiAssignments.Pipeline.Access.Tokens;

namespace AiAssignments.Tests.Access;

/// <summary>Each route of the table, whoever added it, without, with wrong, with expired and with too weak credentials. A route added later is tried too.</summary>
public sealed class EveryRouteTests
{
    private const string Unknown = "aia_0000000000000000_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    [Fact]
    public async Task No_route_but_the_anonymous_ones_answers_without_a_credential_that_is_enough()
    {
        using var issuer = new Issuer();
        using var stranger = new Issuer();
        using var folder = new Support.TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("keys.json"), issuer.Jwks());
        var jwt = new JwtOptions { Issuer = Issuer.Name, Audiences = [Issuer.Audience], KeysFile = folder.File("keys.json") };
        var now = DateTimeOffset.UtcNow;
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(now);
        await using var host = await GatewayHost.StartAsync(new AccessOptions { Keys = true, Jwt = jwt, AddressLimit = null }, time: clock);
        var expired = await host.KeyAsync(AccessScope.Admin, now.AddMinutes(1));
        clock.Advance(TimeSpan.FromMinutes(2));
        var wrong = await host.KeyAsync(AccessScope.Admin);
        wrong = wrong[..^4] + (wrong.EndsWith("AAAA", StringComparison.Ordinal) ? "BBBB" : "AAAA");
        var refused = new Dictionary<string, string?>
        {
            ["none"] = null,
            ["empty"] = string.Empty,
            ["unknown key"] = Unknown,
            ["wrong secret"] = wrong,
            ["expired key"] = expired,
            ["unsigned token"] = Issuer.Unsigned(Issuer.Claims(now, "aia.admin")),
            ["stranger's token"] = stranger.Sign(Issuer.Claims(now, "aia.admin")),
            ["expired token"] = issuer.Sign(Issuer.Claims(now.AddHours(-2), "aia.admin")),
        };
        var weak = new Dictionary<AccessScope, string[]>
        {
            [AccessScope.Read] = [issuer.Sign(Issuer.Claims(now))],
            [AccessScope.Write] = [issuer.Sign(Issuer.Claims(now, "aia.read")), await host.KeyAsync(AccessScope.Read)],
            [AccessScope.Admin] = [issuer.Sign(Issuer.Claims(now, "aia.write")), await host.KeyAsync(AccessScope.Write)],
        };

        Assert.NotEmpty(host.Routes);
        foreach (var route in host.Routes)
        {
            foreach (var (what, credential) in refused)
            {
                using var response = await TryAsync(host, route, credential);
                if (route.Scope == AccessScope.Anonymous)
                {
                    Assert.NotEqual(HttpStatusCode.Unauthorized, response.StatusCode);
                    continue;
                }

                Assert.True(response.StatusCode == HttpStatusCode.Unauthorized, $"{route.Method} {route.Template} with {what}: {response.StatusCode}");
                Assert.StartsWith("Bearer", response.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
            }

            foreach (var credential in weak.GetValueOrDefault(route.Scope, []))
            {
                using var response = await TryAsync(host, route, credential);
                Assert.True(response.StatusCode == HttpStatusCode.Forbidden, $"{route.Method} {route.Template}: {response.StatusCode}");
                Assert.Contains("insufficient_scope", response.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task Only_these_routes_are_anyones()
    {
        await using var host = await GatewayHost.StartAsync();
        Assert.Equal(
            ["Docs", "DocsFile", "Live", "OpenApi", "Page", "PageFile", "Ready", "UploadOptions"],
            host.Routes.Where(route => route.Scope == AccessScope.Anonymous).Select(route => route.Name).Order(StringComparer.Ordinal));
        Assert.Superset(
            new HashSet<string> { "Negotiate", "GetMetrics", "GetSystemMetrics", "GetApplicationMetrics" },
            host.Routes.Where(route => route.Scope == AccessScope.Read).Select(route => route.Name).ToHashSet(StringComparer.Ordinal));
    }

    [Fact]
    public async Task An_endpoint_that_says_nothing_is_the_administrators_and_a_credential_in_the_query_is_none()
    {
        await using var host = await GatewayHost.StartAsync(new AccessOptions { Keys = true }, map: app => Microsoft.AspNetCore.Builder.EndpointRouteBuilderExtensions.MapGet(app, "/silent", () => "said"));
        var admin = await host.KeyAsync(AccessScope.Admin);
        using var weak = await host.SendAsync("GET", "/silent", await host.KeyAsync(AccessScope.Write));
        Assert.Equal(HttpStatusCode.Forbidden, weak.StatusCode);
        using var enough = await host.SendAsync("GET", "/silent", admin);
        Assert.Equal(HttpStatusCode.OK, enough.StatusCode);
        foreach (var name in new[] { "access_token", "api_key", "key", "X-API-Key", "Authorization" })
        {
            using var query = await host.SendAsync("GET", $"/silent?{name}={admin}");
            Assert.Equal(HttpStatusCode.Unauthorized, query.StatusCode);
        }

        using var other = await host.SendAsync("GET", "/silent", headers: ("X-API-Key", admin));
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        using var both = await host.SendAsync("GET", "/silent", admin, null, ("X-API-Key", admin));
        Assert.Equal(HttpStatusCode.Unauthorized, both.StatusCode);
        using var basic = await host.SendAsync("GET", "/silent", headers: ("Authorization", $"Basic {admin}"));
        Assert.Equal(HttpStatusCode.Unauthorized, basic.StatusCode);
    }

    [Fact]
    public async Task Names_and_ways_of_the_routes_are_unique()
    {
        await using var host = await GatewayHost.StartAsync();
        Assert.Equal(host.Routes.Count, host.Routes.Select(route => route.Name).Distinct().Count());
        Assert.Equal(host.Routes.Count, host.Routes.Select(route => $"{route.Method} {route.Template}").Distinct().Count());
    }

    private static Task<HttpResponseMessage> TryAsync(GatewayHost host, GatewayRoute route, string? credential)
    {
        var path = "/" + System.Text.RegularExpressions.Regex.Replace(route.Template, @"\{[^}]*\}", "0123456789abcdef");
        return host.SendAsync(route.Method, path, credential);
    }
}
