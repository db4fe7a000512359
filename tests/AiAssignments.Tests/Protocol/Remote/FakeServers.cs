using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text;
using AiAssignments.Inference.Protocol.Requests;
using AiAssignments.Inference.Protocol.Responses;
using AiAssignments.Inference.Protocol.Wire;
using AiAssignments.Inference.Serving;
using AiAssignments.Onnx;
using AiAssignments.Pipeline.Remote;
using Microsoft.Extensions.Time.Testing;

namespace AiAssignments.Tests.Protocol.Remote;

/// <summary>Servers that answer as a test says, without a network.</summary>
internal sealed class FakeServers : HttpMessageHandler
{
    private readonly Dictionary<string, Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>>> answers = [];
    private readonly List<string> asked = [];

    public FakeTimeProvider Time { get; } = new();

    /// <summary>Hosts in the order in which they were asked.</summary>
    public IReadOnlyList<string> Asked
    {
        get
        {
            lock (asked)
            {
                return [.. asked];
            }
        }
    }

    /// <summary>The last inference request's timeout.</summary>
    public TimeSpan? Timeout { get; private set; }

    public RemoteInference Client(int servers, Func<RemoteOptions, RemoteOptions>? change = null)
    {
        var options = new RemoteOptions
        {
            Servers = [.. Enumerable.Range(0, servers).Select(i => new Uri($"http://{(char)('a' + i)}:8000"))],
            HealthInterval = System.Threading.Timeout.InfiniteTimeSpan,
            Time = Time,
        };
        return new RemoteInference(change?.Invoke(options) ?? options, this);
    }

    public FakeServers On(string host, Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> answer)
    {
        answers[host] = answer;
        return this;
    }

    public FakeServers On(string host, HttpStatusCode status, string code, string? retryAfter = null) => On(host, (_, _) =>
    {
        var response = new HttpResponseMessage(status) { Content = new StringContent($$"""{"error":"said by {{host}}","code":"{{code}}"}""") };
        if (retryAfter is not null)
        {
            response.Headers.Add("Retry-After", retryAfter);
        }

        return Task.FromResult(response);
    });

    public FakeServers Answers(params string[] hosts)
    {
        foreach (var host in hosts)
        {
            On(host, (_, _) => Task.FromResult(Answer(host)));
        }

        return this;
    }

    public FakeServers Broken(params string[] hosts)
    {
        foreach (var host in hosts)
        {
            On(host, (_, _) => throw new HttpRequestException(HttpRequestError.ConnectionError, "Connection refused"));
        }

        return this;
    }

    /// <summary>An answer whose only output is the name of the server.</summary>
    public static HttpResponseMessage Answer(string host)
    {
        var output = new Tensor("server", TensorProto.Types.DataType.Uint8, [host.Length], Encoding.UTF8.GetBytes(host));
        var header = new ArrayBufferWriter<byte>();
        InferResponseWriter.WriteHeader(new InferResponse(new ModelKey("m", "1"), string.Empty, [new InferOutput(output, true)], default), header);
        var response = new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent([.. header.WrittenSpan, .. output.Data.Span]) };
        response.Headers.Add("Inference-Header-Content-Length", header.WrittenCount.ToString(CultureInfo.InvariantCulture));
        response.Headers.Add("Server-Timing", "queue;dur=1.5, tokenize;dur=0.25, inference;dur=3");
        return response;
    }

    public static async Task<string> AskAsync(IModelServer client, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        var served = await client.InferAsync(
            "m", null, [new Tensor("x", TensorProto.Types.DataType.Uint8, [1], new byte[1])], [], new ServeOptions { Timeout = timeout }, cancellationToken);
        return Encoding.UTF8.GetString(served.Outputs[0].Data.Span);
    }

    /// <summary>Lets time pass until the task ends.</summary>
    public async Task<T> PassAsync<T>(Task<T> task, TimeSpan step)
    {
        while (!task.IsCompleted)
        {
            Time.Advance(step);
            await Task.WhenAny(task, Task.Delay(1));
        }

        return await task;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var host = request.RequestUri!.Host;
        lock (asked)
        {
            asked.Add(host);
        }

        if (request.Content is { } content && request.RequestUri.AbsolutePath.EndsWith("/infer", StringComparison.Ordinal))
        {
            var header = int.Parse(content.Headers.GetValues("Inference-Header-Content-Length").Single(), CultureInfo.InvariantCulture);
            Timeout = InferRequestReader.Read(await content.ReadAsByteArrayAsync(cancellationToken), header, ProtocolLimits.Default).Timeout;
        }

        return await answers[host](request, cancellationToken);
    }
}
