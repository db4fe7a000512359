using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using AiAssignments.Core.Errors;
using AiAssignments.Inference.Protocol.Wire;

namespace AiAssignments.IntegrationTests.InferenceServer;

/// <summary>The transport, before a server that echoes.</summary>
public sealed class HttpProtocolTests : IAsyncLifetime
{
    private const string OneByte = """{"inputs":[{"name":"x","shape":[1],"datatype":"UINT8","data":[7]}]}""";
    private readonly ScriptedServer scripted = new();
    private RunningServer server = null!;

    public async Task InitializeAsync() => server = await RunningServer.StartAsync(scripted, ProtocolLimits.Default with { BodyBytes = 100_000 });

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task A_binary_infer_with_several_inputs_as_triton_s_python_client_sends_it()
    {
        // What tritonclient.http 2.x puts on the wire for an INT32 [1,4], an FP16 [2] and a BYTES [2] input and two outputs, one binary and one not.
        const string Header = """{"id":"42","inputs":[{"name":"INPUT0","shape":[1,4],"datatype":"INT32","parameters":{"binary_data_size":16}},{"name":"INPUT1","shape":[2],"datatype":"FP16","parameters":{"binary_data_size":4}},{"name":"INPUT2","shape":[3],"datatype":"FP32","data":[1.0,-2.5,0.1]}],"outputs":[{"name":"INPUT0","parameters":{"binary_data":true}},{"name":"INPUT1","parameters":{"binary_data":true}},{"name":"INPUT2","parameters":{"binary_data":false}}],"parameters":{"priority":1,"timeout":1000000}}""";
        byte[] binary = [1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 255, 255, 255, 255, 0x00, 0x3C, 0x00, 0x7E];
        var (response, header, data) = await server.PostAsync("/v2/models/echo/versions/3/infer", Header, binary);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/octet-stream", response.Content.Headers.ContentType!.ToString());
        Assert.Equal("""{"model_name":"echo","model_version":"3","id":"42","outputs":[{"name":"INPUT0","datatype":"INT32","shape":[1,4],"parameters":{"binary_data_size":16}},{"name":"INPUT1","datatype":"FP16","shape":[2],"parameters":{"binary_data_size":4}},{"name":"INPUT2","datatype":"FP32","shape":[3],"data":[1,-2.5,0.1]}]}""", header);
        Assert.Equal(binary, data);
        Assert.Equal("3", scripted.Version);
        Assert.Equal(["INPUT0", "INPUT1", "INPUT2"], scripted.Wanted);
        Assert.Equal(TimeSpan.FromSeconds(1), scripted.Options!.Timeout);
        Assert.Equal("queue;dur=1.5, tokenize;dur=0, inference;dur=2", response.Headers.GetValues("Server-Timing").Single());
    }

    [Fact]
    public async Task Without_named_outputs_binary_data_output_holds_for_all()
    {
        const string Header = """{"inputs":[{"name":"x","shape":[2],"datatype":"UINT8","parameters":{"binary_data_size":2}}],"parameters":{"binary_data_output":true}}""";
        var (_, header, data) = await server.PostAsync("/v2/models/echo/infer", Header, [5, 6]);
        Assert.EndsWith("""{"binary_data_size":2}}]}""", header, StringComparison.Ordinal);
        Assert.Equal([5, 6], data);
        Assert.Null(scripted.Version);
    }

    [Fact]
    public async Task A_json_infer_as_kserve_s_client_sends_it()
    {
        const string Body = """{"id":"e0a1","inputs":[{"name":"input-0","shape":[2,2],"datatype":"FP32","data":[[6.8,2.8],[6.0,3.4]]}]}""";
        var (response, header, _) = await server.PostAsync("/v2/models/echo/infer", Body, [], request => request.Content!.Headers.ContentType = new("application/json"));
        Assert.Equal("application/json", response.Content.Headers.ContentType!.ToString());
        Assert.Equal("""{"model_name":"echo","model_version":"3","id":"e0a1","outputs":[{"name":"input-0","datatype":"FP32","shape":[2,2],"data":[6.8,2.8,6,3.4]}]}""", header);
    }

    [Fact]
    public async Task A_classification_output_gives_strings_a_row()
    {
        const string Body = """{"inputs":[{"name":"y","shape":[2,3],"datatype":"FP32","data":[0.1,0.7,0.2,3,2,1]}],"outputs":[{"name":"y","parameters":{"classification":2,"binary_data":false}}]}""";
        var (_, header, _) = await server.PostAsync("/v2/models/echo/infer", Body, []);
        Assert.Contains(""""datatype":"BYTES","shape":[2,2],"data":["0.700000:1","0.200000:2","3.000000:0","2.000000:1"]"""", header, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    public async Task Compressed_both_ways(string encoding)
    {
        var values = string.Join(",", Enumerable.Repeat("1.5", 2000));
        var json = Encoding.UTF8.GetBytes($$"""{"inputs":[{"name":"x","shape":[2000],"datatype":"FP32","data":[{{values}}]}]}""");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v2/models/echo/infer") { Content = new ByteArrayContent(Compress(json, encoding)) };
        request.Content.Headers.ContentEncoding.Add(encoding);
        request.Headers.AcceptEncoding.ParseAdd(encoding);
        using var response = await server.Client.SendAsync(request);
        Assert.Equal([encoding], response.Content.Headers.ContentEncoding);
        await using var stream = await response.Content.ReadAsStreamAsync();
        await using Stream plain = encoding == "gzip" ? new GZipStream(stream, CompressionMode.Decompress) : new ZLibStream(stream, CompressionMode.Decompress);
        using var document = await JsonDocument.ParseAsync(plain);
        Assert.Equal(2000, document.RootElement.GetProperty("outputs")[0].GetProperty("data").GetArrayLength());
    }

    [Fact]
    public async Task A_bomb_a_broken_body_and_an_unknown_encoding_are_refused()
    {
        var bomb = Compress(new byte[50_000_000], "gzip");
        Assert.InRange(bomb.Length, 1, 99_999);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await StatusAsync(bomb, "gzip"));
        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync([1, 2, 3, 4], "gzip"));
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, await StatusAsync([1, 2, 3, 4], "br"));
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, await StatusAsync([1, 2, 3, 4], "gzip", "gzip"));

        async Task<HttpStatusCode> StatusAsync(byte[] body, params string[] encodings)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v2/models/echo/infer") { Content = new ByteArrayContent(body) };
            foreach (var encoding in encodings)
            {
                request.Content.Headers.ContentEncoding.Add(encoding);
            }

            using var response = await server.Client.SendAsync(request);
            return response.StatusCode;
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_over_the_limit_is_refused(bool chunked)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v2/models/echo/infer") { Content = new ByteArrayContent(new byte[200_000]) };
        request.Headers.TransferEncodingChunked = chunked;
        using var response = await server.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Contains("\"code\":\"request-too-large\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("model-not-found", 404)]
    [InlineData("queue-full", 429)]
    [InlineData("deadline-exceeded", 504)]
    [InlineData("request-too-large", 413)]
    [InlineData("model-draining", 503)]
    [InlineData("model-unloaded", 503)]
    [InlineData("tensor-unfit", 400)]
    public async Task Problems_are_the_protocol_s_errors(string code, int status)
    {
        scripted.Problem = new ProblemException(code, "It is so.") { RetryAfter = code == "queue-full" ? TimeSpan.FromMilliseconds(1200) : null };
        var (response, body, _) = await server.PostAsync("/v2/models/echo/infer", OneByte, []);
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal($$"""{"error":"It is so.","code":"{{code}}"}""", body);
        Assert.Equal(code == "queue-full" ? "2" : null, response.Headers.RetryAfter?.ToString());
    }

    [Fact]
    public async Task What_the_runtime_says_of_a_graph_stays_in_the_log()
    {
        scripted.Problem = new ProblemException("inference-failed", "ONNX Runtime stopped at this graph: Name:'/encoder/MatMul'");
        var (response, body, _) = await server.PostAsync("/v2/models/echo/infer", OneByte, []);
        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal("""{"error":"The model could not be run on this input; the server's log says why.","code":"inference-failed"}""", body);
    }

    [Theory]
    [InlineData("Content-Length: 30000000\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n")]
    public async Task A_client_that_sends_all_before_it_reads_sees_why_it_was_refused(string length)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, server.Address.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST /v2/models/echo/infer HTTP/1.1\r\nHost: 127.0.0.1\r\n{length}\r\n"));
        var chunked = length.StartsWith("Transfer", StringComparison.Ordinal);
        for (var sent = 0; sent < 30; sent++)
        {
            await stream.WriteAsync(chunked ? [.. "F4240\r\n"u8, .. new byte[1_000_000], .. "\r\n"u8] : new byte[1_000_000]);
        }

        // Both answers come over the one connection: nothing of the refused body was taken for a request.
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"{(chunked ? "0\r\n\r\n" : string.Empty)}GET /v2/health/live HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"));
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var answers = await reader.ReadToEndAsync();
        Assert.StartsWith("HTTP/1.1 413 ", answers, StringComparison.Ordinal);
        Assert.Contains("request-too-large", answers, StringComparison.Ordinal);
        Assert.EndsWith("""{"live":true}""", answers, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/v2/models/other", "", 404, "There is no model 'other'")]
    [InlineData("GET", "/v2/models/echo/versions/9/ready", "", 404, "with the version '9'")]
    [InlineData("GET", "/elsewhere", "", 404, "routes begin with /v2")]
    [InlineData("POST", "/v2/models/echo/infer", "{", 400, "broken")]
    [InlineData("POST", "/v2/models/echo/infer", """{"inputs":[{"name":"x","shape":[1],"datatype":"UINT8","parameters":{"shared_memory_region":"r"}}]}""", 501, "Shared memory")]
    [InlineData("POST", "/v2/repository/models/echo/load", """{"parameters":{"config":"{}"}}""", 501, "from the repository as it lies")]
    [InlineData("POST", "/v2/repository/models/echo/load", """{"parameters":{"file:1/model.onnx":"AAAA"}}""", 501, "from the repository as it lies")]
    [InlineData("POST", "/v2/repository/models/echo/load", "[1]", 400, "JSON object")]
    [InlineData("GET", "/v2/models/echo", "", 503, "not loaded yet")]
    public async Task Mistakes_are_answered_with_a_sentence(string method, string path, string body, int status, string words)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = body.Length > 0 ? new StringContent(body) : null };
        using var response = await server.Client.SendAsync(request);
        Assert.Equal(status, (int)response.StatusCode);
        using var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Contains(words, document.RootElement.GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_caller_that_goes_away_ends_its_request()
    {
        scripted.Hang = true;
        using var cancel = new CancellationTokenSource();
        using var content = new StringContent(OneByte);
        var asking = server.Client.PostAsync("/v2/models/echo/infer", content, cancel.Token);
        await scripted.Reached.Task.WaitAsync(TimeSpan.FromSeconds(20));
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        await scripted.Cancelled.Task.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Nothing_reaches_it_through_a_browser_while_no_key_is_asked_for()
    {
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(request => request.Headers.Host = "rebound.example"));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(request => request.Headers.Add("Origin", "https://elsewhere.example")));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(_ => { }));

        async Task<HttpStatusCode> StatusAsync(Action<HttpRequestMessage> change)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v2/repository/models/echo/unload");
            change(request);
            using var response = await server.Client.SendAsync(request);
            return response.StatusCode;
        }
    }

    [Fact]
    public async Task The_repository_extension_takes_what_clients_send()
    {
        Assert.Equal("""[{"name":"echo","version":"3","state":"READY","reason":""}]""", (await server.PostAsync("/v2/repository/index", string.Empty, [])).Header);
        Assert.Equal("""[{"name":"echo","version":"3","state":"READY","reason":""}]""", (await server.PostAsync("/v2/repository/index", """{"ready":true}""", [])).Header);
        Assert.Equal(HttpStatusCode.OK, (await server.PostAsync("/v2/repository/models/echo/load", "{}", [])).Response.StatusCode);
        Assert.Equal("echo@", scripted.Loaded);
        await server.PostAsync("/v2/repository/models/echo/load", """{"parameters":{"version":"2"}}""", []);
        Assert.Equal("echo@2", scripted.Loaded);
        Assert.Equal(HttpStatusCode.OK, (await server.PostAsync("/v2/repository/models/echo/unload", """{"parameters":{"unload_dependents":false}}""", [])).Response.StatusCode);
    }

    private static byte[] Compress(byte[] data, string encoding)
    {
        using var buffer = new MemoryStream();
        using (Stream stream = encoding == "gzip" ? new GZipStream(buffer, CompressionLevel.Optimal) : new ZLibStream(buffer, CompressionLevel.Optimal))
        {
            stream.Write(data);
        }

        return buffer.ToArray();
    }
}
