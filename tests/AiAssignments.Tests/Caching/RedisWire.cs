using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AiAssignments.Tests.Caching;

/// <summary>A server of the Redis protocol (RESP2) that only looks who signs in, on every connection; keys are never there.</summary>
internal sealed class RedisWire : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly Lock gate = new();
    private readonly List<TcpClient> connections = [];
    private readonly List<(int Connection, string User, string Password)> signedIn = [];
    private int count;

    public RedisWire()
    {
        listener.Start();
        _ = AcceptAsync();
    }

    public string Endpoint => $"127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";

    /// <summary>Who signed in, on which connection.</summary>
    public IReadOnlyList<(int Connection, string User, string Password)> SignedIn
    {
        get
        {
            lock (gate)
            {
                return [.. signedIn];
            }
        }
    }

    /// <summary>Cuts all connections.</summary>
    public void Cut()
    {
        lock (gate)
        {
            connections.ForEach(connection => connection.Close());
            connections.Clear();
        }
    }

    public void Dispose()
    {
        listener.Stop();
        Cut();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync();
                lock (gate)
                {
                    connections.Add(client);
                    _ = ServeAsync(client, ++count);
                }
            }
        }
        catch (SocketException)
        {
            // Stopped.
        }
        catch (ObjectDisposedException)
        {
            // Stopped.
        }
    }

    private async Task ServeAsync(TcpClient client, int number)
    {
        try
        {
            await using var stream = client.GetStream();
            using var reader = new StreamReader(stream, Encoding.Latin1);
            while (await reader.ReadLineAsync() is { Length: > 0 } head)
            {
                var words = new string[int.Parse(head[1..], System.Globalization.CultureInfo.InvariantCulture)];
                for (var i = 0; i < words.Length; i++)
                {
                    var characters = new char[int.Parse((await reader.ReadLineAsync())![1..], System.Globalization.CultureInfo.InvariantCulture)];
                    await reader.ReadBlockAsync(characters);
                    await reader.ReadLineAsync();
                    words[i] = new string(characters);
                }

                await stream.WriteAsync(Encoding.Latin1.GetBytes(Answer(number, words)));
            }
        }
        catch (Exception cut) when (cut is IOException or ObjectDisposedException or NullReferenceException)
        {
            // The connection is no more.
        }
    }

    private string Answer(int number, string[] words)
    {
        switch (words[0].ToUpperInvariant())
        {
            case "AUTH":
                lock (gate)
                {
                    signedIn.Add((number, words[1], words[2]));
                }

                return "+OK\r\n";
            case "HELLO" or "CLUSTER" or "SENTINEL":
                return $"-ERR unknown command '{words[0]}'\r\n";
            case "PING":
                return "+PONG\r\n";
            case "ECHO":
                return $"${words[1].Length}\r\n{words[1]}\r\n";
            case "INFO":
                const string Info = "redis_version:6.0.0\r\nrole:master\r\n";
                return $"${Info.Length}\r\n{Info}\r\n";
            case "CONFIG":
                return "*0\r\n";
            case "GET" or "HGET":
                return "$-1\r\n";
            case "SUBSCRIBE":
                return $"*3\r\n$9\r\nsubscribe\r\n${words[1].Length}\r\n{words[1]}\r\n:1\r\n";
            default:
                return "+OK\r\n";
        }
    }
}
