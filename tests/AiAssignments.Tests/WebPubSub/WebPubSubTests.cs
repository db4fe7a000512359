using System.Buffers.Text;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AiAssignments.Azure.WebPubSub;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Jobs;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Time.Testing;

namespace AiAssignments.Tests.WebPubSub;

/// <summary>What goes over the wire to Web PubSub: addresses, signatures, rights, rates.</summary>
public sealed class WebPubSubTests
{
    private const string Key = "a key of thirty-two bytes or more";
    private static readonly Uri Endpoint = new("https://aia.webpubsub.azure.com");
    private static readonly DateTimeOffset Now = new(2026, 1, 5, 9, 30, 0, TimeSpan.Zero);

    [Fact]
    public async Task With_a_key_a_client_gets_a_token_for_this_hub_its_rights_and_five_minutes()
    {
        using var hub = new WebPubSubHub(new WebPubSubSettings(Endpoint, "progress", Key), null, new FakeTimeProvider(Now), new Wire());
        var connection = await hub.NegotiateAsync(new Uri("http://elsewhere"), "key:ü&1", CancellationToken.None);

        Assert.Equal("json.webpubsub.azure.v1", connection.Protocol);
        Assert.Equal(Now.AddMinutes(5), connection.ExpiresAt);
        Assert.StartsWith("wss://aia.webpubsub.azure.com/client/hubs/progress?access_token=", connection.Url.AbsoluteUri, StringComparison.Ordinal);
        var claims = Verified(Uri.UnescapeDataString(connection.Url.Query["?access_token=".Length..]));
        Assert.Equal("https://aia.webpubsub.azure.com/client/hubs/progress", claims.GetProperty("aud").GetString());
        Assert.Equal(Now.AddMinutes(5).ToUnixTimeSeconds(), claims.GetProperty("exp").GetInt64());
        Assert.Equal(Now.ToUnixTimeSeconds(), claims.GetProperty("nbf").GetInt64());
        Assert.Equal("key:ü&1", claims.GetProperty("sub").GetString());
        Assert.Equal(
            ["webpubsub.joinLeaveGroup.jobs", "webpubsub.joinLeaveGroup.metrics", "webpubsub.joinLeaveGroups.job:*"],
            claims.GetProperty("role").EnumerateArray().Select(role => role.GetString()));
    }

    [Fact]
    public async Task A_group_is_one_segment_of_the_path_and_the_audience_is_the_url_without_its_query()
    {
        var wire = new Wire();
        using var hub = new WebPubSubHub(new WebPubSubSettings(Endpoint, "progress", Key), null, new FakeTimeProvider(Now), wire);
        await hub.SendToGroupAsync("job:a/../b?c#ü", "{\"x\":1}"u8.ToArray(), CancellationToken.None);

        var (method, url, token, type, body) = Assert.Single(wire.Asked);
        Assert.Equal("POST", method);
        Assert.Equal("https://aia.webpubsub.azure.com/api/hubs/progress/groups/job%3Aa%2F..%2Fb%3Fc%23%C3%BC/:send?api-version=2024-01-01", url);
        Assert.Equal(("application/json", "{\"x\":1}"), (type, body));
        var claims = Verified(token!);
        Assert.Equal(url[..url.IndexOf('?', StringComparison.Ordinal)], claims.GetProperty("aud").GetString());
        Assert.Equal(Now.AddMinutes(5).ToUnixTimeSeconds(), claims.GetProperty("exp").GetInt64());
        Assert.False(claims.TryGetProperty("role", out _));
    }

    [Fact]
    public async Task Without_a_key_the_service_signs_and_is_asked_with_a_token_of_entra_id()
    {
        var time = new FakeTimeProvider(Now);
        var credential = new CountingCredential(time, TimeSpan.FromHours(1));
        var wire = new Wire(_ => new HttpResponseMessage { Content = new StringContent("""{"token":"signed+by/service="}""") });
        using var hub = new WebPubSubHub(new WebPubSubSettings(Endpoint, "progress"), credential, time, wire);
        var connection = await hub.NegotiateAsync(new Uri("http://elsewhere"), "jwt:a b", CancellationToken.None);
        await hub.SendToGroupAsync("jobs", "{}"u8.ToArray(), CancellationToken.None);

        Assert.Equal("wss://aia.webpubsub.azure.com/client/hubs/progress?access_token=signed%2Bby%2Fservice%3D", connection.Url.AbsoluteUri);
        Assert.StartsWith(
            "https://aia.webpubsub.azure.com/api/hubs/progress/:generateToken?api-version=2024-01-01&minutesToExpire=5&role=webpubsub.joinLeaveGroup.jobs&", wire.Asked[0].Url, StringComparison.Ordinal);
        Assert.EndsWith("&role=webpubsub.joinLeaveGroups.job%3A%2A&userId=jwt%3Aa%20b", wire.Asked[0].Url, StringComparison.Ordinal);
        Assert.All(wire.Asked, asked => Assert.Equal("entra-1", asked.Token));
        Assert.Equal(["https://webpubsub.azure.com/.default"], credential.Scopes);
    }

    [Fact]
    public async Task A_refusal_is_a_problem_with_its_wait_and_a_refused_token_is_not_used_again()
    {
        var time = new FakeTimeProvider(Now);
        var credential = new CountingCredential(time, TimeSpan.FromHours(1));
        var status = HttpStatusCode.TooManyRequests;
        using var hub = new WebPubSubHub(new WebPubSubSettings(Endpoint, "progress"), credential, time, new Wire(_ => new HttpResponseMessage(status) { Headers = { RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromSeconds(7)) } }));
        var full = await Assert.ThrowsAsync<ProblemException>(() => hub.SendToGroupAsync("jobs", "{}"u8.ToArray(), CancellationToken.None));
        Assert.Equal(("progress-unavailable", TimeSpan.FromSeconds(7)), (full.Problem.Code, full.RetryAfter));

        status = HttpStatusCode.Unauthorized;
        await Assert.ThrowsAsync<ProblemException>(() => hub.SendToGroupAsync("jobs", "{}"u8.ToArray(), CancellationToken.None));
        Assert.Equal(1, credential.Count);
        await Assert.ThrowsAsync<ProblemException>(() => hub.NegotiateAsync(new Uri("http://x"), null, CancellationToken.None));
        Assert.Equal(2, credential.Count);
    }

    [Fact]
    public async Task Progress_goes_to_the_jobs_own_group_and_to_all_and_the_last_word_is_the_end()
    {
        var wire = new Wire();
        using var hub = new WebPubSubHub(new WebPubSubSettings(Endpoint, "progress", Key), null, TimeProvider.System, wire);
        await using (var progress = new WebPubSubProgress(hub, TimeProvider.System, TimeSpan.FromMilliseconds(20)))
        {
            for (var done = 0; done < 2000; done++)
            {
                progress.Publish(new JobProgress("a", "topic on <x>.csv", "scoring", done, 2000));
            }

            progress.Publish(new JobProgress("a", "topic on <x>.csv", "completed", 2000, 2000));
            progress.Publish(new JobProgress("a", "topic on <x>.csv", "scoring", 1999, 2000));
        }

        Assert.InRange(wire.Asked.Count, 2, 20);
        Assert.EndsWith("/groups/job%3Aa/:send?api-version=2024-01-01", wire.Asked[^2].Url, StringComparison.Ordinal);
        Assert.EndsWith("/groups/jobs/:send?api-version=2024-01-01", wire.Asked[^1].Url, StringComparison.Ordinal);
        using var message = JsonDocument.Parse(wire.Asked[^1].Body);
        Assert.Equal(("progress", "a", "topic on <x>.csv", "completed", 2000L), (
            message.RootElement.GetProperty("kind").GetString(), message.RootElement.GetProperty("jobId").GetString(), message.RootElement.GetProperty("title").GetString(),
            message.RootElement.GetProperty("stage").GetString(), message.RootElement.GetProperty("done").GetInt64()));
    }

    [Fact]
    public async Task A_service_that_refuses_is_left_alone_but_for_ends()
    {
        var wire = new Wire(_ => new HttpResponseMessage(HttpStatusCode.Forbidden));
        using var hub = new WebPubSubHub(new WebPubSubSettings(Endpoint, "progress", Key), null, TimeProvider.System, wire);
        await using (var progress = new WebPubSubProgress(hub, TimeProvider.System, TimeSpan.FromMilliseconds(5)))
        {
            progress.Publish(new JobProgress("a", "t", "scoring", 0, 9));
            while (wire.Asked.Count == 0)
            {
                await Task.Delay(1);
            }

            for (var done = 1; done < 9; done++)
            {
                progress.Publish(new JobProgress("a", "t", "scoring", done, 9));
                await Task.Delay(6);
            }

            Assert.Single(wire.Asked);
            progress.Publish(new JobProgress("a", "t", "failed", 0, 0));
        }

        Assert.Equal(2, wire.Asked.Count);
    }

    [Theory]
    [InlineData("Endpoint", "http://aia.webpubsub.azure.com")]
    [InlineData("Endpoint", "nonsense")]
    [InlineData("Hub", "a/b")]
    [InlineData("ConnectionString", "Endpoint=https://x;Nothing=1")]
    public void Wrong_settings_are_named_and_keys_are_not_repeated(string name, string value)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new($"WebPubSub:{name}", value)]).Build();
        var refused = Assert.Throws<ProblemException>(() => WebPubSubSettings.Read(configuration));
        Assert.Equal("option-invalid", refused.Problem.Code);
        Assert.Contains($"WebPubSub__{name}", refused.Problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_are_an_endpoint_or_an_emulators_connection_string_or_none()
    {
        Assert.Null(WebPubSubSettings.Read(new ConfigurationBuilder().Build()));
        var cloud = new ConfigurationBuilder().AddInMemoryCollection([new("WebPubSub:Endpoint", "https://a.webpubsub.azure.com/"), new("WebPubSub:Hub", "live")]).Build();
        Assert.Equal(new WebPubSubSettings(new Uri("https://a.webpubsub.azure.com"), "live"), WebPubSubSettings.Read(cloud));
        var emulator = new ConfigurationBuilder().AddInMemoryCollection([new("WebPubSub:ConnectionString", "Endpoint=http://127.0.0.1:8080;AccessKey=abc=;Version=1.0;")]).Build();
        Assert.Equal(new WebPubSubSettings(new Uri("http://127.0.0.1:8080"), "progress", "abc="), WebPubSubSettings.Read(emulator));
    }

    private static JsonElement Verified(string token)
    {
        var parts = token.Split('.');
        Assert.Equal("""{"alg":"HS256","typ":"JWT"}""", Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[0])));
        Assert.Equal(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Key), Encoding.UTF8.GetBytes($"{parts[0]}.{parts[1]}")), Base64Url.DecodeFromChars(parts[2]));
        using var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[1]));
        return claims.RootElement.Clone();
    }
}
