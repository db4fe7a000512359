using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AiAssignments.Tests.LoadTesting;

/// <summary>A server that does to each connection what its script says, on a free loopback port.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly Task accepting;
    private int connections;

    /// <param name="script">The connection, its number from 0 on, and what ends it all.</param>
    public ScriptedServer(Func<NetworkStream, int, CancellationToken, Task> script)
    {
        listener.Start();
        accepting = AcceptAsync(script);
    }

    public IPEndPoint Address => (IPEndPoint)listener.LocalEndpoint;

    public int Connections => Volatile.Read(ref connections);

    /// <summary>A server that answers every request with the same bytes.</summary>
    public static ScriptedServer Answering(string answer) => new(async (stream, _, cancellationToken) =>
    {
        while (await ReadRequestAsync(stream, cancellationToken) is { Length: > 0 })
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(answer), cancellationToken);
        }
    });

    /// <summary>Reads one request without a body, or with what came together with its head; empty at the end.</summary>
    public static async Task<string> ReadRequestAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 << 10];
        for (var filled = 0; ;)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(filled), cancellationToken);
            filled += read;
            var text = Encoding.Latin1.GetString(buffer, 0, filled);
            if (read == 0 || text.Contains("\r\n\r\n", StringComparison.Ordinal))
            {
                return text;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        await accepting;
        stop.Dispose();
    }

    private async Task AcceptAsync(Func<NetworkStream, int, CancellationToken, Task> script)
    {
        var serving = new List<Task>();
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var client = await listener.AcceptSocketAsync(stop.Token);
                serving.Add(ServeAsync(client, script, Interlocked.Increment(ref connections) - 1));
            }
            catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                break;
            }
        }

        await Task.WhenAll(serving);
    }

    private async Task ServeAsync(Socket client, Func<NetworkStream, int, CancellationToken, Task> script, int number)
    {
        try
        {
            await using var stream = new NetworkStream(client, ownsSocket: true);
            await script(stream, number, stop.Token);
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The client has gone, or the test has ended.
        }
    }
}
