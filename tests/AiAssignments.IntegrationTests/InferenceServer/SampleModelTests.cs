using System.Text.Json;
using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Inference.Models;
using AiAssignments.Inference.Protocol.Repository;
using AiAssignments.Inference.Runtime;
using AiAssignments.Inference.Serving;
using AiAssignments.InferenceServer.Rpc;
using AiAssignments.Pipeline.Remote;
using Google.Protobuf;

namespace AiAssignments.IntegrationTests.InferenceServer;

/// <summary>The server with the sample models: texts, sentences and images as clients give them, and the same numbers near and far.</summary>
public sealed class SampleModelTests : IAsyncLifetime
{
    private RunningServer server = null!;

    public async Task InitializeAsync() => server = await RunningServer.StartAsync();

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task A_text_is_classified_by_its_label_s_name()
    {
        const string Body = """{"inputs":[{"name":"text","shape":[2],"datatype":"BYTES","data":["The team won the final in extra time.","Shares fell after the bank cut its forecast."]}],"outputs":[{"name":"probabilities","parameters":{"classification":1}}]}""";
        var (response, header, _) = await server.PostAsync("/v2/models/topic/infer", Body, []);
        Assert.Equal(200, (int)response.StatusCode);
        using var document = JsonDocument.Parse(header);
        var output = document.RootElement.GetProperty("outputs")[0];
        Assert.Equal([2, 1], output.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32()));
        Assert.EndsWith(":1:Sports", output.GetProperty("data")[0].GetString(), StringComparison.Ordinal);
        Assert.EndsWith(":2:Business", output.GetProperty("data")[1].GetString(), StringComparison.Ordinal);
        Assert.StartsWith("queue;dur=", response.Headers.GetValues("Server-Timing").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metadata_list_the_graph_s_own_tensors_first()
    {
        using var document = JsonDocument.Parse(await server.Client.GetStringAsync("/v2/models/topic"));
        var names = document.RootElement.GetProperty("inputs").EnumerateArray().Select(input => input.GetProperty("name").GetString()).ToList();
        Assert.Equal(["text", "pair"], names.TakeLast(2));
        Assert.True(names.Count > 2);
        Assert.Equal("onnxruntime_onnx", document.RootElement.GetProperty("platform").GetString());
        var rpc = await server.Rpc.ModelMetadataAsync(new ModelMetadataRequest { Name = "topic" });
        Assert.Equal(names, rpc.Inputs.Select(input => input.Name));
        Assert.True((await server.Rpc.ServerReadyAsync(new ServerReadyRequest())).Ready);
    }

    [Fact]
    public async Task Callers_can_tell_which_content_answers()
    {
        var hash = ModelFolder.Open(Path.Combine(RunningServer.Models, "topic")).ContentHash;
        await using var remote = new RemoteInference(new RemoteOptions { Servers = [server.Address] });
        Assert.Equal(hash, (await remote.FindAsync("topic", null, default))!.ContentHash);
        using var document = JsonDocument.Parse(await server.Client.GetStringAsync("/v2/models/topic"));
        Assert.Equal(hash, document.RootElement.GetProperty("content_hash").GetString());
        using var call = server.Rpc.ModelMetadataAsync(new ModelMetadataRequest { Name = "topic" });
        await call.ResponseAsync;
        Assert.Equal(hash, call.GetTrailers().GetValue("content-hash"));
    }

    [Theory]
    [InlineData("/v2/health/live", """{"live":true}""")]
    [InlineData("/v2/health/ready", """{"ready":true}""")]
    [InlineData("/v2/models/topic/ready", """{"name":"topic","ready":true}""")]
    public async Task Health_is_in_the_body_too_where_KServe_s_client_reads_it(string path, string body) => Assert.Equal(body, await server.Client.GetStringAsync(path));

    [Fact]
    public async Task Statistics_have_each_ready_model_from_the_start_and_count_batches()
    {
        using (var before = JsonDocument.Parse(await server.Client.GetStringAsync("/v2/models/stats")))
        {
            var models = before.RootElement.GetProperty("model_stats").EnumerateArray().ToList();
            Assert.Equal(["entity", "fashion", "sentiment", "topic"], models.Select(model => model.GetProperty("name").GetString()));
            Assert.All(models, model => Assert.Equal(0, model.GetProperty("execution_count").GetInt64()));
        }

        await server.PostAsync("/v2/models/topic/infer", """{"inputs":[{"name":"text","shape":[2],"datatype":"BYTES","data":["one","two"]}]}""", []);

        using var after = JsonDocument.Parse(await server.Client.GetStringAsync("/v2/models/topic/stats"));
        var topic = after.RootElement.GetProperty("model_stats")[0];
        var batches = topic.GetProperty("batch_stats").EnumerateArray().ToList();
        Assert.Equal(2, batches.Sum(batch => batch.GetProperty("batch_size").GetInt64() * batch.GetProperty("compute_infer").GetProperty("count").GetInt64()));
        Assert.Equal(topic.GetProperty("execution_count").GetInt64(), batches.Sum(batch => batch.GetProperty("compute_infer").GetProperty("count").GetInt64()));
        var rpc = Assert.Single((await server.Rpc.ModelStatisticsAsync(new ModelStatisticsRequest { Name = "topic" })).ModelStats);
        Assert.Equal((ulong)topic.GetProperty("execution_count").GetInt64(), rpc.ExecutionCount);
        Assert.Equal(batches.Count, rpc.BatchStats.Count);
        Assert.Equal(0ul, Assert.Single((await server.Rpc.ModelStatisticsAsync(new ModelStatisticsRequest { Name = "fashion" })).ModelStats).InferenceCount);
    }

    [Fact]
    public async Task Statistics_are_the_same_over_grpc()
    {
        await server.PostAsync("/v2/models/topic/infer", """{"inputs":[{"name":"text","shape":[2],"datatype":"BYTES","data":["one","two"]}]}""", []);
        var all = await server.Rpc.ModelStatisticsAsync(new ModelStatisticsRequest());
        var one = Assert.Single((await server.Rpc.ModelStatisticsAsync(new ModelStatisticsRequest { Name = "topic" })).ModelStats);
        Assert.Contains(one, all.ModelStats);
        Assert.Equal((2ul, 1ul), (one.InferenceCount, one.InferenceStats.Success.Count));
        Assert.True(one.InferenceStats.ComputeInfer.Ns > 0);
        Assert.Equal(Grpc.Core.StatusCode.NotFound, (await Assert.ThrowsAsync<Grpc.Core.RpcException>(async () => await server.Rpc.ModelStatisticsAsync(new ModelStatisticsRequest { Name = "absent" }))).StatusCode);
    }

    [Fact]
    public async Task A_text_over_grpc_as_bytes_contents()
    {
        var request = new ModelInferRequest
        {
            ModelName = "sentiment",
            Inputs = { new ModelInferRequest.Types.InferInputTensor { Name = "text", Datatype = "BYTES", Shape = { 1 }, Contents = new InferTensorContents { BytesContents = { ByteString.CopyFromUtf8("a wonderful, moving film") } } } },
            Outputs = { new ModelInferRequest.Types.InferRequestedOutputTensor { Name = "probabilities", Parameters = { { "classification", new InferParameter { Int64Param = 1 } } } } },
        };
        var response = await server.Rpc.ModelInferAsync(request);
        Assert.Contains("pos", response.RawOutputContents[0].ToStringUtf8(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_remote_server_gives_the_bits_of_a_local_one()
    {
        await using var local = new ModelServer(new ModelRepositoryFolder(RunningServer.Models), ModelServerOptions.Default with { Runtime = RuntimeOptions.Default with { IntraOpThreads = 1 }, Lanes = 1 });
        await using var remote = new RemoteInference(new RemoteOptions { Servers = [server.Address] });
        var options = new ServeOptions { Logits = true };
        DatasetRecord[][] requests =
        [
            [new TextRecord(new(0, 0), "Oil prices rose \u2014 again. \uD83D\uDE00", null, null, [])],
            [new TextRecord(new(0, 0), "first", "second", null, [])],
            [new WordsRecord(new(0, 0), ["Angela", "Merkel", "visited", "Paris", "."], null, [])],
            [new ImageRecord(new(0, 0), Enumerable.Range(0, 784).Select(i => (byte)i).ToArray(), new RawImage(28, 28, 1, false), null, [])],
        ];
        string[] models = ["topic", "topic", "entity", "fashion"];
        for (var i = 0; i < requests.Length; i++)
        {
            var near = await local.PredictAsync(models[i], null, requests[i], options, default);
            var far = await remote.PredictAsync(models[i], null, requests[i], options, default);
            Assert.Equal(near.Records[0].Error?.Code, far.Records[0].Error?.Code);
            Assert.Equal(near.Records[0].Prediction?.Probabilities, far.Records[0].Prediction?.Probabilities);
            Assert.Equal(near.Records[0].Prediction?.Logits, far.Records[0].Prediction?.Logits);
            Assert.Equal(near.Key, far.Key);
            Assert.Equal(near.Card.Labels, far.Card.Labels);
            Assert.Same(requests[i][0], far.Records[0].Record);
        }
    }

    [Fact]
    public async Task One_bad_image_does_not_fail_the_others_when_the_client_asks_for_errors()
    {
        await using var remote = new RemoteInference(new RemoteOptions { Servers = [server.Address] });
        DatasetRecord[] images = [new ImageRecord(new(0, 0), new byte[784], new RawImage(28, 28, 1, false), null, []), new ImageRecord(new(1, 0), new byte[] { 1, 2, 3 }, null, null, [])];
        var served = await remote.PredictAsync("fashion", null, images, ServeOptions.Default, default);
        Assert.NotNull(served.Records[0].Prediction);
        Assert.Equal("image-undecodable", served.Records[1].Error!.Code);
    }

    [Fact]
    public async Task Statuses_loading_unloading_and_trimming_go_through_the_client()
    {
        await using var remote = new RemoteInference(new RemoteOptions { Servers = [server.Address] });
        Assert.Equal(["entity", "fashion", "sentiment", "topic"], (await remote.ListAsync(default)).Select(status => status.Key.Name));
        var found = await remote.FindAsync("topic", null, default);
        Assert.Equal(ModelState.Ready, found!.State);
        Assert.NotEmpty(found.Signature!.Inputs);
        Assert.Null(await remote.FindAsync("nothing", null, default));
        await remote.UnloadAsync("topic", null, default);
        var record = new TextRecord(new(0, 0), "x", null, null, []);
        var refused = await Assert.ThrowsAsync<ProblemException>(() => remote.PredictAsync("topic", null, [record], ServeOptions.Default, default));
        Assert.Equal("model-unloaded", refused.Problem.Code);
        await remote.LoadAsync("topic", null, default);
        Assert.Single((await remote.PredictAsync("topic", null, [record], ServeOptions.Default, default)).Records);
        Assert.True((await remote.TrimAsync(default)).ResidentBefore > 0);
        var missing = await Assert.ThrowsAsync<ProblemException>(() => remote.PredictAsync("nothing", null, [record], ServeOptions.Default, default));
        Assert.Equal("model-not-found", missing.Problem.Code);
    }

    [Fact]
    public async Task Statistics_count_answers_and_refusals()
    {
        const string Body = """{"inputs":[{"name":"text","shape":[1],"datatype":"BYTES","data":["x"]}]}""";
        await server.PostAsync("/v2/models/sentiment/infer", Body, []);
        await server.PostAsync("/v2/models/sentiment/infer", Body.Replace("text", "nothing", StringComparison.Ordinal), []);
        using var document = JsonDocument.Parse(await server.Client.GetStringAsync("/v2/models/sentiment/stats"));
        var stats = document.RootElement.GetProperty("model_stats")[0].GetProperty("inference_stats");
        Assert.Equal(1, stats.GetProperty("success").GetProperty("count").GetInt32());
        Assert.Equal(1, stats.GetProperty("fail").GetProperty("count").GetInt32());
    }
}
