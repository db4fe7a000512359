using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace AiAssignments.Benchmarks.Live;

/// <summary>Kestrel and nothing else: sockets in lists, the same bytes sent to each one after the other on the publisher's thread. No limits, no slow readers, no last state.</summary>
internal sealed class BareContender : IContender
{
    private readonly Dictionary<string, List<WebSocket>> groups = [];
    private readonly TaskCompletionSource stop = new();
    private WebApplication app = null!;

    public async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        app = builder.Build();
        app.UseWebSockets();
        app.Map("/client", async context =>
        {
            var socket = await context.WebSockets.AcceptWebSocketAsync("json.webpubsub.azure.v1");
            var buffer = new byte[1024];
            var request = await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
            using var asked = System.Text.Json.JsonDocument.Parse(buffer.AsMemory(0, request.Count));
            var group = asked.RootElement.GetProperty("group").GetString()!;
            lock (groups)
            {
                if (!groups.TryGetValue(group, out var members))
                {
                    groups[group] = members = [];
                }

                members.Add(socket);
            }

            await socket.SendAsync("{\"type\":\"ack\",\"ackId\":1,\"success\":true}"u8.ToArray(), WebSocketMessageType.Text, true, CancellationToken.None);
            await stop.Task;
        });
        await app.StartAsync();
    }

    public Task<Uri> UrlAsync() => Task.FromResult(new UriBuilder(app.Urls.Single()) { Scheme = "ws", Path = "/client" }.Uri);

    public void Publish(int job)
    {
        var message = Encoding.UTF8.GetBytes($$$"""{"type":"message","from":"group","group":"job:{{{job}}}","dataType":"json","data":{"kind":"progress","jobId":"{{{job}}}","title":"topic@1 on reviews.csv","stage":"scoring","done":{{{Stopwatch.GetTimestamp()}}},"total":0,"at":"2026-01-02T03:04:05.1234567Z"}}""");
        foreach (var socket in groups[$"job:{job}"])
        {
            var sending = socket.SendAsync(message.AsMemory(), WebSocketMessageType.Text, true, CancellationToken.None);
            if (!sending.IsCompletedSuccessfully)
            {
                sending.AsTask().GetAwaiter().GetResult();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        stop.SetResult();
        await app.DisposeAsync();
    }
}
