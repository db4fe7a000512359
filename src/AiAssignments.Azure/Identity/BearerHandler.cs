using System.Net;
using System.Net.Http.Headers;

namespace AiAssignments.Azure.Identity;

/// <summary>Sends a token of Entra ID with every request. One that is refused is not sent again: the next request asks for another.</summary>
public sealed class BearerHandler : DelegatingHandler
{
    private readonly TokenSource tokens;

    /// <summary>Makes it.</summary>
    /// <param name="tokens">The tokens.</param>
    /// <param name="inner">The transport; owned.</param>
    public BearerHandler(TokenSource tokens, HttpMessageHandler inner)
        : base(inner) => this.tokens = tokens;

    /// <inheritdoc />
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var token = await tokens.GetAsync(cancellationToken).ConfigureAwait(false);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.Unauthorized)
        {
            tokens.Refused(token);
        }

        return response;
    }
}
