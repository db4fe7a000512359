using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace AiAssignments.Tests.Uploads;

/// <summary>A request whose bytes go out when they are given, and whose connection can be lost in the middle; a client library would buffer them.</summary>
internal sealed class RawRequest : IDisposable
{
    private readonly TcpClient client = new();

    public static async Task<RawRequest> SendAsync(Uri server, string method, string path, long length, byte[] body, params string[] headers)
    {
        var request = new RawRequest();
        await request.client.ConnectAsync(server.Host, server.Port);
        var head = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"{method} {path} HTTP/1.1\r\nHost: {server.Authority}\r\nContent-Length: {length}\r\n"));
        foreach (var header in headers)
        {
            head.Append(header).Append("\r\n");
        }

        await request.client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head.Append("\r\n").ToString()));
        await request.client.GetStream().WriteAsync(body);
        return request;
    }

    /// <summary>Sends the rest; returns the answer's beginning.</summary>
    public async Task<string> FinishAsync(byte[] rest)
    {
        await client.GetStream().WriteAsync(rest);
        var buffer = new byte[1024];
        return Encoding.ASCII.GetString(buffer, 0, await client.GetStream().ReadAsync(buffer));
    }

    /// <summary>Loses the connection.</summary>
    public void Dispose() => client.Dispose();
}
