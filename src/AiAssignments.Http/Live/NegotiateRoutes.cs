using AiAssignments.Core.Jobs;
using AiAssignments.Http.Access;
using AiAssignments.Http.Routing;
using AiAssignments.Pipeline.Access;

namespace AiAssignments.Http.Live;

/// <summary><c>POST /api/negotiate</c>: where to watch progress.</summary>
/// <param name="negotiator">Makes the URLs.</param>
public sealed class NegotiateRoutes(IConnectionNegotiator negotiator) : IGatewayRoutes
{
    /// <inheritdoc />
    public IReadOnlyList<GatewayRoute> Routes =>
    [
        new GatewayRoute("Negotiate", HttpMethods.Post, "api/negotiate", AccessScope.Read, NegotiateAsync)
        {
            Summary = "A WebSocket URL, good for a while, to watch jobs and metrics on with the subprotocol json.webpubsub.azure.v1: groups jobs, job:{id}, metrics.",
            Tag = "Live",
            ResponseExample = """{"url":"ws://127.0.0.1:7071/client?access_token=eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.e30.x","protocol":"json.webpubsub.azure.v1","expiresAt":"2026-01-31T12:05:00Z"}""",
        },
    ];

    private async Task<IResult> NegotiateAsync(HttpContext context)
    {
        // Where nobody is asked for a name, all are one caller, and no one's sockets are counted.
        var user = context.Caller() is { } caller && caller != Caller.Local ? caller.Id : null;
        var connection = await negotiator.NegotiateAsync(ClientOrigin.Of(context.Request), user, context.RequestAborted).ConfigureAwait(false);
        context.Response.Headers.CacheControl = "no-store";
        return Results.Json(new { url = connection.Url.AbsoluteUri, protocol = connection.Protocol, expiresAt = connection.ExpiresAt.UtcDateTime });
    }
}
