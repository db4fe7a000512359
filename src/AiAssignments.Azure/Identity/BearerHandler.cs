using System.Net;
using System.Net.Http.Headers;

namespace AiAssignments.Azure.Identity;

/// <summary>
/// Sends a token of Entra ID with every request. One that is refused is not sent again: the next request asks for another. Where none can be had, the request fails as one
/// that was not sent: an <see cref="HttpRequestException"/> with <see cref="HttpRequestError.UserAuthenticationError"/>.
/// </summary>
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
        var token = await TokenAsync(cancellationToken).ConfigureAwait(false);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.Unauthorized)
        {
            tokens.Refused(token);
        }

        return response;
    }

    private async ValueTask<string> TokenAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await tokens.GetAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HttpRequestException(HttpRequestError.UserAuthenticationError, $"No token could be had: {error.Message}", error);
        }
    }
}
