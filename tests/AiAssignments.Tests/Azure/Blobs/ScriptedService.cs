using System.Net;
using AiAssignments.Azure.Blobs;
using Azure.Core;
using Azure.Core.Pipeline;

namespace AiAssignments.Tests.Azure.Blobs;

/// <summary>The blob service at the wire: answers each request as the test says, and keeps what was asked.</summary>
internal sealed class ScriptedService(Func<ScriptedService.Asked, HttpResponseMessage> answer) : HttpMessageHandler
{
    public static readonly Uri Address = new("https://unit.blob.core.windows.net");

    /// <summary>All requests so far.</summary>
    public List<Asked> Requests { get; } = [];

    /// <summary>Clients that ask it, with pauses of no length between tries, and otherwise as the program's are.</summary>
    public AzureBlobs Connect(TimeProvider? time = null, int blockBytes = 1 << 20) => AzureBlobs.Connect(
        new BlobSettings { ServiceUri = Address },
        new Identity(),
        time ?? TimeProvider.System,
        new BlobTuning { BlockBytes = blockBytes },
        options =>
        {
            options.Transport = new HttpClientTransport(new HttpClient(this));
            options.Retry.Delay = TimeSpan.FromMilliseconds(1);
            options.Retry.MaxDelay = TimeSpan.FromMilliseconds(1);
        });

    /// <summary>An answer with the headers that every answer about a blob has.</summary>
    public static HttpResponseMessage Reply(HttpStatusCode status, string? error = null, string etag = "\"0x1\"")
    {
        var reply = new HttpResponseMessage(status) { Content = new ByteArrayContent([]) };
        reply.Headers.TryAddWithoutValidation("ETag", etag);
        reply.Content.Headers.LastModified = new DateTimeOffset(2026, 11, 23, 0, 0, 0, TimeSpan.Zero);
        if (error is not null)
        {
            reply.Headers.Add("x-ms-error-code", error);
        }

        return reply;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var asked = new Asked(
            request.Method.Method,
            request.RequestUri!,
            request.Headers.Concat(request.Content?.Headers.AsEnumerable() ?? []).ToDictionary(header => header.Key, header => string.Join(',', header.Value), StringComparer.OrdinalIgnoreCase),
            request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken));
        lock (Requests)
        {
            Requests.Add(asked);
        }

        var reply = answer(asked);
        reply.RequestMessage = request;
        return reply;
    }

    /// <summary>A request.</summary>
    internal sealed record Asked(string Method, Uri Uri, IReadOnlyDictionary<string, string> Headers, byte[] Body)
    {
        public string? Component => System.Web.HttpUtility.ParseQueryString(Uri.Query)["comp"];
    }

    private sealed class Identity : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            Assert.Equal(["https://storage.azure.com/.default"], requestContext.Scopes);
            return new AccessToken("token-of-the-identity", DateTimeOffset.MaxValue);
        }

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) => new(GetToken(requestContext, cancellationToken));
    }
}
