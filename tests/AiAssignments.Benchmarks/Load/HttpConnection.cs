using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;

namespace AiAssignments.Benchmarks.Load;

/// <summary>One keep-alive HTTP/1.1 connection that sends prepared bytes and reads whole answers; as little work as possible, so that the server is what is measured.</summary>
internal sealed class HttpConnection : IDisposable
{
    private readonly Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] buffer = new byte[16 << 10];

    public static async Task<HttpConnection> OpenAsync(IPEndPoint server)
    {
        var connection = new HttpConnection();
        await connection.socket.ConnectAsync(server).ConfigureAwait(false);
        return connection;
    }

    /// <summary>Sends a request and reads its answer.</summary>
    /// <returns>The status code.</returns>
    public async ValueTask<int> ExchangeAsync(ReadOnlyMemory<byte> request)
    {
        await socket.SendAsync(request).ConfigureAwait(false);
        var filled = 0;
        while (true)
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(filled)).ConfigureAwait(false);
            if (read == 0)
            {
                throw new IOException("The server closed the connection.");
            }

            filled += read;
            if (Complete(buffer.AsSpan(0, filled)) is { } status)
            {
                return status;
            }
        }
    }

    public void Dispose() => socket.Dispose();

    private static int? Complete(ReadOnlySpan<byte> answer)
    {
        var head = answer.IndexOf("\r\n\r\n"u8);
        if (head < 0)
        {
            return null;
        }

        if (!Utf8Parser.TryParse(answer[9..12], out int status, out _))
        {
            throw new IOException("The answer has no status.");
        }

        var body = answer[(head + 4)..];
        if (Value(answer[..(head + 2)], "\r\nContent-Length: "u8, "\r\ncontent-length: "u8) is { Length: > 0 } length && Utf8Parser.TryParse(length, out int bytes, out _))
        {
            return body.Length >= bytes ? status : null;
        }

        return status is 204 or 304 || body.EndsWith("0\r\n\r\n"u8) ? status : null;
    }

    private static ReadOnlySpan<byte> Value(ReadOnlySpan<byte> head, ReadOnlySpan<byte> name, ReadOnlySpan<byte> lower)
    {
        var start = head.IndexOf(name);
        start = start < 0 ? head.IndexOf(lower) : start;
        return start < 0 ? default : head[(start + name.Length)..];
    }
}
