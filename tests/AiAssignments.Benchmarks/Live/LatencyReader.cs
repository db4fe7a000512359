using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;

namespace AiAssignments.Benchmarks.Live;

/// <summary>A client that notes how old each message is when it has it.</summary>
internal sealed class LatencyReader : IDisposable
{
    private readonly ClientWebSocket socket = new();
    private readonly List<double> latencies = [];
    private readonly TaskCompletionSource joined = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<double> Latencies
    {
        get
        {
            lock (latencies)
            {
                return [.. latencies];
            }
        }
    }

    public static async Task<LatencyReader> ConnectAsync(Uri url, string group)
    {
        var reader = new LatencyReader();
        reader.socket.Options.AddSubProtocol("json.webpubsub.azure.v1");
        await reader.socket.ConnectAsync(url, CancellationToken.None);
        _ = reader.ReadAsync();
        await reader.socket.SendAsync(Encoding.UTF8.GetBytes($$"""{"type":"joinGroup","group":"{{group}}","ackId":1}"""), WebSocketMessageType.Text, true, CancellationToken.None);
        await reader.joined.Task;
        return reader;
    }

    public void Forget()
    {
        lock (latencies)
        {
            latencies.Clear();
        }
    }

    public void Dispose()
    {
        socket.Abort();
        socket.Dispose();
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[4096];
        try
        {
            while (true)
            {
                var part = await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
                var now = Stopwatch.GetTimestamp();
                if (part.MessageType == WebSocketMessageType.Close)
                {
                    return;
                }

                var message = buffer.AsSpan(0, part.Count);
                var at = message.IndexOf("\"done\":"u8);
                if (at >= 0 && System.Buffers.Text.Utf8Parser.TryParse(message[(at + 7)..], out long sent, out _))
                {
                    lock (latencies)
                    {
                        latencies.Add((now - sent) * 1000.0 / Stopwatch.Frequency);
                    }
                }
                else if (message.IndexOf("\"ack\""u8) >= 0)
                {
                    joined.TrySetResult();
                }
            }
        }
        catch (WebSocketException)
        {
            // Aborted at the end.
        }
    }
}
