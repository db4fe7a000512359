using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace AiAssignments.IntegrationTests.LoadTesting;

/// <summary>A server in this process: <c>/echo</c> sends a socket's messages back, <c>/hub</c> is a Web PubSub hub whose clients may publish, all else answers with its protocol.</summary>
internal sealed class EchoServer : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentDictionary<WebSocket, (string Group, SemaphoreSlim Sending)> members = new();

    private EchoServer(WebApplication app) => this.app = app;

    public Uri Address => new(app.Urls.Single());

    public static async Task<EchoServer> StartAsync(bool tls)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen =>
        {
            if (tls)
            {
                listen.Protocols = HttpProtocols.Http1AndHttp2;
                listen.UseHttps(Certificate());
            }
        }));
        var server = new EchoServer(builder.Build());
        server.app.UseWebSockets();
        server.app.Run(server.AnswerAsync);
        await server.app.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync(new CancellationToken(canceled: true));
        await app.DisposeAsync();
    }

    private static X509Certificate2 Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pfx), null);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            await context.Response.WriteAsync(context.Request.Protocol);
            return;
        }

        var hub = context.Request.Path == "/hub";
        using var socket = await context.WebSockets.AcceptWebSocketAsync(hub ? "json.webpubsub.azure.v1" : null);
        try
        {
            await (hub ? HubAsync(socket, context.RequestAborted) : EchoAsync(socket, context.RequestAborted));
        }
        catch (Exception error) when (error is WebSocketException or OperationCanceledException)
        {
            // The client has gone.
        }
        finally
        {
            members.TryRemove(socket, out _);
        }
    }

    private static async Task EchoAsync(WebSocket socket, CancellationToken cancellationToken)
    {
        while (await ReadAsync(socket, cancellationToken) is { } message)
        {
            await socket.SendAsync(message, WebSocketMessageType.Text, true, cancellationToken);
        }
    }

    private async Task HubAsync(WebSocket socket, CancellationToken cancellationToken)
    {
        await socket.SendAsync("{\"type\":\"system\",\"event\":\"connected\",\"connectionId\":\"c\"}"u8.ToArray(), WebSocketMessageType.Text, true, cancellationToken);
        while (await ReadAsync(socket, cancellationToken) is { } message)
        {
            using var document = JsonDocument.Parse(message);
            var (type, group) = (document.RootElement.GetProperty("type").GetString(), document.RootElement.GetProperty("group").GetString()!);
            if (type == "joinGroup")
            {
                members[socket] = (group, new SemaphoreSlim(1));
                await socket.SendAsync("{\"type\":\"ack\",\"ackId\":1,\"success\":true}"u8.ToArray(), WebSocketMessageType.Text, true, cancellationToken);
                continue;
            }

            var sent = Encoding.UTF8.GetBytes($"{{\"type\":\"message\",\"from\":\"group\",\"dataType\":\"json\",\"group\":\"{group}\",\"data\":{document.RootElement.GetProperty("data").GetRawText()}}}");
            foreach (var (member, (_, sending)) in members.Where(member => member.Value.Group == group))
            {
                await sending.WaitAsync(cancellationToken);
                try
                {
                    await member.SendAsync(sent, WebSocketMessageType.Text, true, cancellationToken);
                }
                catch (WebSocketException) when (member != socket)
                {
                    // Another has gone.
                }
                finally
                {
                    sending.Release();
                }
            }
        }
    }

    private static async Task<byte[]?> ReadAsync(WebSocket socket, CancellationToken cancellationToken)
    {
        var buffer = new byte[16 << 10];
        var part = await socket.ReceiveAsync(buffer.AsMemory(), cancellationToken);
        return part.MessageType == WebSocketMessageType.Close ? null : buffer[..part.Count];
    }
}
