using System.Net;
using Azure.Core;

namespace AiAssignments.Tests.WebPubSub;

/// <summary>The service at the wire: keeps what was asked, and answers as the test says.</summary>
internal sealed class Wire(Func<HttpRequestMessage, HttpResponseMessage>? answer = null) : HttpMessageHandler
{
    private readonly Lock gate = new();
    private readonly List<(string Method, string Url, string? Token, string? ContentType, string Body)> asked = [];

    public IReadOnlyList<(string Method, string Url, string? Token, string? ContentType, string Body)> Asked
    {
        get
        {
            lock (gate)
            {
                return [.. asked];
            }
        }
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? string.Empty : await request.Content.ReadAsStringAsync(cancellationToken);
        lock (gate)
        {
            asked.Add((request.Method.Method, request.RequestUri!.AbsoluteUri, request.Headers.Authorization is { Scheme: "Bearer" } bearer ? bearer.Parameter : null, request.Content?.Headers.ContentType?.ToString(), body));
        }

        return answer?.Invoke(request) ?? new HttpResponseMessage(HttpStatusCode.Accepted);
    }
}

/// <summary>A credential that counts.</summary>
internal sealed class CountingCredential(TimeProvider time, TimeSpan lifetime) : TokenCredential
{
    private int count;

    public int Count => count;

    public List<string> Scopes { get; } = [];

    /// <summary>What the next askings end in; <c>null</c>: a token.</summary>
    public Exception? Fault { get; set; }

    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
    {
        lock (Scopes)
        {
            Scopes.AddRange(requestContext.Scopes);
        }

        if (Fault is not null)
        {
            throw Fault;
        }

        return new AccessToken($"entra-{Interlocked.Increment(ref count)}", time.GetUtcNow() + lifetime);
    }

    public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) => new(GetToken(requestContext, cancellationToken));
}
