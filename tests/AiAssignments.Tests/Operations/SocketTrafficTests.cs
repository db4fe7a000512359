using System.Net;
using System.Net.Sockets;
using AiAssignments.Pipeline.Operations.Machine;
using AiAssignments.Tests.Caching;

namespace AiAssignments.Tests.Operations;

public sealed class SocketTrafficTests
{
    [Fact]
    public async Task Bytes_through_sockets_of_the_process_are_counted()
    {
        using var traffic = new SocketTraffic();
        var (received, sent) = (traffic.Received!.Value, traffic.Sent!.Value);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = new TcpClient();
        await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint);
        using var server = await listener.AcceptTcpClientAsync();
        var block = new byte[64 << 10];
        for (var turn = 0; turn < 16; turn++)
        {
            await client.GetStream().WriteAsync(block);
            await server.GetStream().ReadExactlyAsync(new byte[block.Length]);
        }

        // Told by the runtime once a second, of all sockets of the process.
        await Eventually.HoldsAsync(() => Task.FromResult(traffic.Received - received >= 1 << 20 && traffic.Sent - sent >= 1 << 20));
    }
}
