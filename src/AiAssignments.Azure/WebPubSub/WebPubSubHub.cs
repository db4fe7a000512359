using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using AiAssignments.Azure.Identity;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Jobs;
using Azure.Core;

namespace AiAssignments.Azure.WebPubSub;

/// <summary>
/// A hub of Azure Web PubSub over its data-plane REST API (version 2024-01-01): sends to groups, and makes URLs for clients. With an access key everything is signed here;
/// without one, tokens of Entra ID are sent and the service signs the clients' tokens (<c>:generateToken</c>).
/// </summary>
public sealed class WebPubSubHub : IConnectionNegotiator, IDisposable
{
    /// <summary>The subprotocol that clients speak.</summary>
    public const string Protocol = "json.webpubsub.azure.v1";

    private const string Version = "2024-01-01";

    // Rights as on the local host: everyone who may look may look at all jobs and at the metrics.
    private static readonly string[] Watcher =
    [
        $"webpubsub.joinLeaveGroup.{ProgressGroups.Jobs}",
        $"webpubsub.joinLeaveGroup.{ProgressGroups.Metrics}",
        $"webpubsub.joinLeaveGroups.{ProgressGroups.Job("*")}",
    ];

    private static readonly TimeSpan TokenLifetime = TimeSpan.FromMinutes(5);
    private readonly WebPubSubSettings settings;
    private readonly TokenSource? tokens;
    private readonly TimeProvider time;
    private readonly HttpClient http;

    /// <summary>Makes it; asks nothing of anyone.</summary>
    /// <param name="settings">The hub.</param>
    /// <param name="credential">Who asks, where there is no access key.</param>
    /// <param name="time">The clock.</param>
    /// <param name="transport">The transport; owned. Default: the usual one.</param>
    /// <exception cref="ArgumentException">There is neither a key nor a credential.</exception>
    public WebPubSubHub(WebPubSubSettings settings, TokenCredential? credential, TimeProvider time, HttpMessageHandler? transport = null)
    {
        ArgumentNullException.ThrowIfNull(settings);
        this.settings = settings;
        this.time = time;
        tokens = settings.AccessKey is not null ? null
            : credential is not null ? new TokenSource(credential, "https://webpubsub.azure.com/.default", time)
            : throw new ArgumentException("Without an access key a credential is needed.", nameof(credential));
        http = new HttpClient(transport ?? new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(5), PooledConnectionLifetime = TimeSpan.FromMinutes(10) })
        {
            Timeout = TimeSpan.FromSeconds(10),
        };
    }

    /// <inheritdoc />
    /// <remarks>The origin is not used: the service holds the sockets.</remarks>
    public async Task<NegotiatedConnection> NegotiateAsync(Uri origin, string? user, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();

        // Whole seconds, as the claims have them.
        var expires = DateTimeOffset.FromUnixTimeSeconds((now + TokenLifetime).ToUnixTimeSeconds());
        var client = $"{settings.Endpoint.GetLeftPart(UriPartial.Authority)}/client/hubs/{settings.Hub}";
        var token = settings.AccessKey is { } key
            ? ClientTokens.Sign(key, client, now, expires, user, Watcher)
            : await GenerateAsync(user, cancellationToken).ConfigureAwait(false);
        var scheme = settings.Endpoint.Scheme == Uri.UriSchemeHttps ? "wss" : "ws";
        return new NegotiatedConnection(
            new Uri($"{scheme}://{settings.Endpoint.Authority}/client/hubs/{settings.Hub}?access_token={Uri.EscapeDataString(token)}"), Protocol, expires);
    }

    /// <summary>Sends JSON to all members of a group.</summary>
    /// <param name="group">The group, 1 to 1024 characters. Hostile.</param>
    /// <param name="json">The payload.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="ProblemException"><c>progress-unavailable</c>, with when to try again where the service said it.</exception>
    public async Task SendToGroupAsync(string group, ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        using var response = await SendAsync($"groups/{Uri.EscapeDataString(group)}/:send", string.Empty, json, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc />
    public void Dispose() => http.Dispose();

    private async Task<string> GenerateAsync(string? user, CancellationToken cancellationToken)
    {
        var query = $"&minutesToExpire={TokenLifetime.TotalMinutes:0}&{string.Join('&', Watcher.Select(role => $"role={Uri.EscapeDataString(role)}"))}"
            + (user is null ? string.Empty : $"&userId={Uri.EscapeDataString(user)}");
        using var response = await SendAsync(":generateToken", query, null, cancellationToken).ConfigureAwait(false);
        try
        {
            using var answer = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false));
            return answer.RootElement.GetProperty("token").GetString()!;
        }
        catch (Exception unreadable) when (unreadable is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new ProblemException(new Problem("progress-unavailable", "Web PubSub's answer cannot be read."), unreadable);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(string path, string query, ReadOnlyMemory<byte>? json, CancellationToken cancellationToken)
    {
        var address = $"{settings.Endpoint.GetLeftPart(UriPartial.Authority)}/api/hubs/{settings.Hub}/{path}?api-version={Version}{query}";
        using var request = new HttpRequestMessage(HttpMethod.Post, address);
        var token = await TokenAsync(address, cancellationToken).ConfigureAwait(false);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (json is { } payload)
        {
            request.Content = new ReadOnlyMemoryContent(payload) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        }

        HttpResponseMessage response;
        try
        {
            response = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception broken) when (broken is HttpRequestException || (broken is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new ProblemException(new Problem("progress-unavailable", "Web PubSub does not answer; ask the job's status instead."), broken);
        }

        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        if (response.StatusCode == HttpStatusCode.Unauthorized)
        {
            tokens?.Refused(token);
        }

        var wait = response.Headers.RetryAfter is { } after ? after.Delta ?? (after.Date is { } date ? date - time.GetUtcNow() : null) : null;
        var status = (int)response.StatusCode;
        response.Dispose();
        throw new ProblemException("progress-unavailable", $"Web PubSub refused with status {status}; ask the job's status instead.") { RetryAfter = wait > TimeSpan.Zero ? wait : null };
    }

    private async ValueTask<string> TokenAsync(string address, CancellationToken cancellationToken)
    {
        if (settings.AccessKey is not { } key)
        {
            return await tokens!.GetAsync(cancellationToken).ConfigureAwait(false);
        }

        // The audience of a server is the URL without its query.
        var now = time.GetUtcNow();
        return ClientTokens.Sign(key, address[..address.IndexOf('?', StringComparison.Ordinal)], now, now + TokenLifetime);
    }
}
