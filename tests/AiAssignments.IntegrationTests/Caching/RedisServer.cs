using System.Net;
using System.Net.Sockets;
using Garnet;

namespace AiAssignments.IntegrationTests.Caching;

/// <summary>A real server of the Redis protocol in this process, on a port of its own; it can be killed and started again on that port.</summary>
internal sealed class RedisServer : IDisposable
{
    private GarnetServer? server;

    public RedisServer(bool start = true)
    {
        using (var probe = new TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            Port = ((IPEndPoint)probe.LocalEndpoint).Port;
        }

        if (start)
        {
            Start();
        }
    }

    public int Port { get; }

    public string ConnectionString => $"127.0.0.1:{Port}";

    public void Start()
    {
        server = new GarnetServer(["--bind", "127.0.0.1", "--port", $"{Port}", "--memory", "64m", "--page", "1m", "--index", "1m", "--no-obj", "false"]);
        server.Start();
    }

    public void Kill()
    {
        server?.Dispose();
        server = null;
    }

    public void Dispose() => Kill();
}
