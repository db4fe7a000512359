using System.Buffers.Binary;
using System.IO.Compression;
using System.Net;
using AiAssignments.Core.Errors;
using AiAssignments.Inference.Protocol.Wire;
using AiAssignments.InferenceServer.Rpc;
using Google.Protobuf;
using Grpc.Core;

namespace AiAssignments.IntegrationTests.InferenceServer;

/// <summary>gRPC, before a server that echoes. Beside nothing else: one test counts what the process allocates.</summary>
[Collection(Alone)]
public sealed class RpcProtocolTests : IAsyncLifetime
{
    public const string Alone = "Alone";
    private const string Infer = "/inference.GRPCInferenceService/ModelInfer";
    private readonly ScriptedServer scripted = new();
    private RunningServer server = null!;

    public async Task InitializeAsync() => server = await RunningServer.StartAsync(scripted, ProtocolLimits.Default with { BodyBytes = 100_000 });

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task Raw_contents_byte_for_byte_as_triton_s_python_client_sends_them()
    {
        // ModelInferRequest by its public field numbers: model_name 1, model_version 2, id 3, inputs 5 {name 1, datatype 2, shape 3}, outputs 6 {name 1}, raw_input_contents 7.
        byte[] input = [0x0A, 1, (byte)'x', 0x12, 5, .. "INT32"u8, 0x1A, 2, 1, 2];
        byte[] output = [0x0A, 1, (byte)'x'];
        byte[] raw = [1, 0, 0, 0, 254, 255, 255, 255];
        byte[] message = [0x0A, 4, .. "echo"u8, 0x12, 1, (byte)'3', 0x1A, 2, .. "q1"u8, 0x2A, (byte)input.Length, .. input, 0x32, (byte)output.Length, .. output, 0x3A, 8, .. raw];
        var answer = await PostAsync(message, 0, null);

        // ModelInferResponse: model_name 1, model_version 2, id 3, outputs 5 {name 1, datatype 2, shape 3}, raw_output_contents 6.
        byte[] expected = [0x0A, 4, .. "echo"u8, 0x12, 1, (byte)'3', 0x1A, 2, .. "q1"u8, 0x2A, (byte)input.Length, .. input, 0x32, 8, .. raw];
        Assert.Equal(expected, answer);
    }

    [Fact]
    public async Task Typed_contents_of_every_datatype_become_tensors()
    {
        var request = new ModelInferRequest { ModelName = "echo" };
        Add("BOOL", new InferTensorContents { BoolContents = { true } });
        Add("INT8", new InferTensorContents { IntContents = { -1 } });
        Add("INT16", new InferTensorContents { IntContents = { -2 } });
        Add("INT32", new InferTensorContents { IntContents = { -3 } });
        Add("INT64", new InferTensorContents { Int64Contents = { -4 } });
        Add("UINT8", new InferTensorContents { UintContents = { 255 } });
        Add("UINT16", new InferTensorContents { UintContents = { 65535 } });
        Add("UINT32", new InferTensorContents { UintContents = { uint.MaxValue } });
        Add("UINT64", new InferTensorContents { Uint64Contents = { ulong.MaxValue } });
        Add("FP32", new InferTensorContents { Fp32Contents = { 1 } });
        Add("FP64", new InferTensorContents { Fp64Contents = { 1 } });
        var response = await server.Rpc.ModelInferAsync(request);
        Assert.Equal(
            ["01", "FF", "FEFF", "FDFFFFFF", "FCFFFFFFFFFFFFFF", "FF", "FFFF", "FFFFFFFF", "FFFFFFFFFFFFFFFF", "0000803F", "000000000000F03F"],
            response.RawOutputContents.Select(raw => Convert.ToHexString(raw.Span)));

        void Add(string datatype, InferTensorContents contents) =>
            request.Inputs.Add(new ModelInferRequest.Types.InferInputTensor { Name = datatype, Datatype = datatype, Shape = { 1 }, Contents = contents });
    }

    [Fact]
    public async Task What_does_not_fit_is_refused_with_a_status_and_a_code()
    {
        var input = new ModelInferRequest.Types.InferInputTensor { Name = "x", Datatype = "INT8", Shape = { 1 } };
        await RefusedAsync(StatusCode.InvalidArgument, "request-invalid", [input], []);
        await RefusedAsync(StatusCode.InvalidArgument, "request-invalid", [input], [ByteString.CopyFrom(1), ByteString.CopyFrom(1)]);
        await RefusedAsync(StatusCode.InvalidArgument, "tensor-invalid", [input], [ByteString.CopyFrom(1, 2)]);
        await RefusedAsync(StatusCode.InvalidArgument, "tensor-invalid", [With(new InferTensorContents { IntContents = { 200 } })], []);
        await RefusedAsync(StatusCode.InvalidArgument, "tensor-invalid", [With(new InferTensorContents { IntContents = { 2 }, Fp32Contents = { 2 } })], []);
        await RefusedAsync(StatusCode.InvalidArgument, "request-invalid", [With(new InferTensorContents { IntContents = { 2 } })], [ByteString.CopyFrom(1)]);
        await RefusedAsync(StatusCode.InvalidArgument, "request-invalid", [], []);

        ModelInferRequest.Types.InferInputTensor With(InferTensorContents contents) => new(input) { Contents = contents };
    }

    [Theory]
    [InlineData("queue-full", StatusCode.ResourceExhausted)]
    [InlineData("model-not-found", StatusCode.NotFound)]
    [InlineData("deadline-exceeded", StatusCode.DeadlineExceeded)]
    [InlineData("model-draining", StatusCode.Unavailable)]
    public async Task Problems_are_statuses(string code, StatusCode status)
    {
        scripted.Problem = new ProblemException(code, "It is so.") { RetryAfter = TimeSpan.FromMilliseconds(250) };
        var refused = await RefusedAsync(status, code, [new() { Name = "x", Datatype = "UINT8", Shape = { 1 } }], [ByteString.CopyFrom(1)]);
        Assert.Equal("It is so.", refused.Status.Detail);
        Assert.Equal("250", refused.Trailers.GetValue("grpc-retry-pushback-ms"));
    }

    [Fact]
    public async Task A_stream_answers_in_order_and_outlives_a_bad_request()
    {
        using var call = server.Rpc.ModelStreamInfer();
        for (byte i = 0; i < 100; i++)
        {
            var request = new ModelInferRequest { ModelName = "echo", Id = $"{i}" };
            request.Inputs.Add(new ModelInferRequest.Types.InferInputTensor { Name = "x", Datatype = "UINT8", Shape = { i == 50 ? 2 : 1 } });
            request.RawInputContents.Add(ByteString.CopyFrom(i));
            await call.RequestStream.WriteAsync(request);
        }

        await call.RequestStream.CompleteAsync();
        var expected = 0;
        await foreach (var answer in call.ResponseStream.ReadAllAsync())
        {
            Assert.Equal($"{expected}", answer.InferResponse.Id);
            Assert.Equal(expected == 50, answer.ErrorMessage.Length > 0);
            expected++;
        }

        Assert.Equal(100, expected);
    }

    [Fact]
    public async Task The_answer_to_each_request_of_a_stream_says_that_it_is_the_last()
    {
        using var call = server.Rpc.ModelStreamInfer();
        foreach (var size in new[] { 1, 2 })
        {
            var request = new ModelInferRequest { ModelName = "echo", Id = $"{size}", Parameters = { { "triton_enable_empty_final_response", new InferParameter { BoolParam = true } } } };
            request.Inputs.Add(new ModelInferRequest.Types.InferInputTensor { Name = "x", Datatype = "UINT8", Shape = { size } });
            request.RawInputContents.Add(ByteString.CopyFrom(7));
            await call.RequestStream.WriteAsync(request);
        }

        await call.RequestStream.CompleteAsync();
        var answers = new List<ModelStreamInferResponse>();
        await foreach (var answer in call.ResponseStream.ReadAllAsync())
        {
            answers.Add(answer);
        }

        Assert.Equal([false, true], answers.Select(answer => answer.ErrorMessage.Length > 0));
        Assert.All(answers, answer => Assert.True(answer.InferResponse.Parameters["triton_final_response"].BoolParam));
    }

    [Fact]
    public async Task A_caller_s_deadline_ends_the_request_on_the_server()
    {
        scripted.Hang = true;
        var request = new ModelInferRequest { ModelName = "echo", Inputs = { new ModelInferRequest.Types.InferInputTensor { Name = "x", Datatype = "UINT8", Shape = { 1 } } }, RawInputContents = { ByteString.CopyFrom(1) } };
        var late = await Assert.ThrowsAsync<RpcException>(async () => await server.Rpc.ModelInferAsync(request, deadline: DateTime.UtcNow.AddSeconds(2)));
        Assert.Equal(StatusCode.DeadlineExceeded, late.StatusCode);
        await scripted.Cancelled.Task.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_message_over_the_limit_is_refused_and_so_is_a_compressed_one_that_grows_over_it()
    {
        Assert.Null(await PostAsync(new byte[200_000], 0, null));
        using var buffer = new MemoryStream();
        using (var gzip = new GZipStream(buffer, CompressionLevel.Optimal))
        {
            gzip.Write(new byte[80_000_000]);
        }

        var before = GC.GetTotalAllocatedBytes();
        Assert.Null(await PostAsync(buffer.ToArray(), 1, "gzip"));
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 20_000_000);
    }

    [Fact]
    public async Task Server_and_repository_calls_answer()
    {
        Assert.True((await server.Rpc.ServerLiveAsync(new ServerLiveRequest())).Live);
        Assert.True((await server.Rpc.ModelReadyAsync(new ModelReadyRequest { Name = "echo" })).Ready);
        Assert.False((await server.Rpc.ModelReadyAsync(new ModelReadyRequest { Name = "other" })).Ready);
        Assert.Contains("binary_tensor_data", (await server.Rpc.ServerMetadataAsync(new ServerMetadataRequest())).Extensions);
        var model = Assert.Single((await server.Rpc.RepositoryIndexAsync(new RepositoryIndexRequest { Ready = true })).Models);
        Assert.Equal(("echo", "3", "READY"), (model.Name, model.Version, model.State));
        await server.Rpc.RepositoryModelLoadAsync(new RepositoryModelLoadRequest { ModelName = "echo" });
        await server.Rpc.RepositoryModelUnloadAsync(new RepositoryModelUnloadRequest { ModelName = "echo" });
        var refused = await Assert.ThrowsAsync<RpcException>(async () => await server.Rpc.RepositoryModelLoadAsync(
            new RepositoryModelLoadRequest { ModelName = "echo", Parameters = { { "config", new ModelRepositoryParameter { StringParam = "{}" } } } }));
        Assert.Equal(StatusCode.Unimplemented, refused.StatusCode);
    }

    private async Task<RpcException> RefusedAsync(StatusCode status, string code, IEnumerable<ModelInferRequest.Types.InferInputTensor> inputs, IEnumerable<ByteString> raw)
    {
        var request = new ModelInferRequest { ModelName = "echo" };
        request.Inputs.Add(inputs);
        request.RawInputContents.Add(raw);
        var refused = await Assert.ThrowsAsync<RpcException>(async () => await server.Rpc.ModelInferAsync(request));
        Assert.Equal(status, refused.StatusCode);
        Assert.Equal(code, refused.Trailers.GetValue("problem-code"));
        return refused;
    }

    // gRPC over HTTP/2 by hand: one length-prefixed message each way. Null when the status is not 0.
    private async Task<byte[]?> PostAsync(byte[] message, byte compressed, string? encoding)
    {
        var frame = new byte[5 + message.Length];
        frame[0] = compressed;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        message.CopyTo(frame, 5);
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.RpcAddress, Infer))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(frame),
        };
        request.Content.Headers.ContentType = new("application/grpc");
        request.Headers.TE.ParseAdd("trailers");
        if (encoding is not null)
        {
            request.Headers.Add("grpc-encoding", encoding);
        }

        using var response = await client.SendAsync(request);
        var body = await response.Content.ReadAsByteArrayAsync();
        var status = response.TrailingHeaders.TryGetValues("grpc-status", out var trailing) ? trailing.Single() : response.Headers.GetValues("grpc-status").Single();
        return status == "0" ? body[5..] : null;
    }
}
