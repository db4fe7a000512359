using AiAssignments.Core.Errors;
using AiAssignments.Core.Jobs;
using AiAssignments.Http.Routing;
using AiAssignments.Pipeline.Access;
using Microsoft.Extensions.Hosting;

namespace AiAssignments.Http.Live;

/// <summary><c>GET /client?access_token=...</c>: upgrades to a WebSocket and hands it over. Not in the gateway's table, because a Functions app cannot hold sockets.</summary>
public static class SocketEndpoint
{
    /// <summary>The path.</summary>
    public const string Path = "/client";

    // What access control looks at; the handler is not called through it.
    private static readonly GatewayRoute Route = new("ProgressSocket", HttpMethods.Get, "client", AccessScope.Anonymous, _ => Task.FromResult(Results.Empty))
    {
        Summary = "The WebSocket that POST /api/negotiate names.",
        Tag = "Live",
    };

    /// <summary>Maps it, with the middleware it needs. Its token is its authentication; beside it a browser's page must be of this origin, or of one that is listed.</summary>
    /// <param name="app">The application; <see cref="IProgressSockets"/> is among its singletons.</param>
    public static void MapProgressSockets(this WebApplication app)
    {
        app.UseWebSockets();
        app.Map(Path, AcceptAsync).WithMetadata(Route).WithDisplayName(Route.Name);
    }

    private static async Task AcceptAsync(HttpContext context)
    {
        if (ClientOrigin.IsForeign(context.Request) && context.RequestServices.GetService<AccessOptions>()?.Allows(context.Request.Headers.Origin) != true)
        {
            throw new ProblemException("request-forbidden", "The request comes from another origin.");
        }

        var sockets = context.RequestServices.GetRequiredService<IProgressSockets>();
        if (!context.WebSockets.IsWebSocketRequest)
        {
            throw new ProblemException("websocket-required", "This is a WebSocket's address; ask POST /api/negotiate how to connect.");
        }

        if (!context.WebSockets.WebSocketRequestedProtocols.Contains(sockets.Protocol))
        {
            throw new ProblemException("websocket-protocol-unknown", $"The subprotocol {sockets.Protocol} must be asked for in Sec-WebSocket-Protocol.");
        }

        var ticket = sockets.Admit(context.Request.Query["access_token"]);
        using var socket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext
        {
            SubProtocol = sockets.Protocol,
            KeepAliveInterval = sockets.KeepAlive,
            KeepAliveTimeout = sockets.KeepAlive,
        }).ConfigureAwait(false);
        var stopping = context.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        await sockets.ServeAsync(socket, ticket, stopping).ConfigureAwait(false);
    }
}
