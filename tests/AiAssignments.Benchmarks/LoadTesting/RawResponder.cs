using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AiAssignments.Benchmarks.LoadTesting;

/// <summary>The least a server can do: it looks for the end of each request's head and sends the same bytes back. What a client reaches against it is the client's own ceiling.</summary>
internal static class RawResponder
{
    /// <summary>Arguments: port, bytes of the answer's body.</summary>
    public static int Run(string[] args)
    {
        var size = int.Parse(args[1], CultureInfo.InvariantCulture);
        var answer = Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {size}\r\n\r\n{new string('x', size)}");
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, int.Parse(args[0], CultureInfo.InvariantCulture)));
        listener.Listen(4096);
        while (true)
        {
            var client = listener.Accept();
            client.NoDelay = true;
            _ = AnswerAsync(client, answer);
        }
    }

    // Requests without a body, one at a time; a head that comes in two reads is found by its last bytes.
    private static async Task AnswerAsync(Socket client, byte[] answer)
    {
        var buffer = new byte[16 << 10];
        try
        {
            for (var filled = 0; ;)
            {
                var read = await client.ReceiveAsync(buffer.AsMemory(filled)).ConfigureAwait(false);
                if (read == 0)
                {
                    return;
                }

                filled += read;
                if (buffer.AsSpan(0, filled).EndsWith("\r\n\r\n"u8))
                {
                    filled = 0;
                    await client.SendAsync(answer).ConfigureAwait(false);
                }
            }
        }
        catch (SocketException)
        {
            // The client has gone.
        }
        finally
        {
            client.Dispose();
        }
    }
}
