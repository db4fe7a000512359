using System.Net;
using System.Text.Json;
using AiAssignments.InferenceServer.Hosting;
using AiAssignments.InferenceServer.Rpc;

namespace AiAssignments.IntegrationTests.InferenceServer;

/// <summary>The inference server is watched as the gateway is.</summary>
public sealed class OperationsTests
{
    [Fact]
    public async Task It_tells_its_metrics_under_the_gateways_names()
    {
        await using var server = await RunningServer.StartAsync();
        var (response, _, _) = await server.PostAsync("/v2/models/topic/infer", """{"inputs":[{"name":"text","shape":[1],"datatype":"BYTES","data":["The striker scored twice"]}]}""", []);
        using (response)
        {
            Assert.True(response.IsSuccessStatusCode);
        }

        using var missing = await server.Client.GetAsync(new Uri("/v2/models/nobody", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);

        // Other servers of this process count into the same instruments, so only what must be there is asked for.
        var text = await server.Client.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        Assert.Contains("http_requests_total{endpoint=\"/v2/models/{name}/infer\",method=\"POST\",status=\"200\"}", text, StringComparison.Ordinal);
        Assert.Contains("model_inference_duration_seconds_count{model=\"topic\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("nobody", text, StringComparison.Ordinal);

        using var application = JsonDocument.Parse(await server.Client.GetStringAsync(new Uri("/metrics/application", UriKind.Relative)));
        Assert.True(application.RootElement.GetProperty("windows").GetProperty("15m").GetProperty("requests").GetInt64() >= 2);
        using var system = JsonDocument.Parse(await server.Client.GetStringAsync(new Uri("/metrics/system", UriKind.Relative)));
        Assert.True(system.RootElement.GetProperty("process").GetProperty("memoryBytes").GetInt64() > 0);
    }

    [Fact]
    public async Task A_grpc_call_is_counted_by_its_true_status()
    {
        await using var server = await RunningServer.StartAsync();
        await Assert.ThrowsAsync<Grpc.Core.RpcException>(async () => await server.Rpc.ModelMetadataAsync(new ModelMetadataRequest { Name = "nobody" }));
        Assert.True((await server.Rpc.ServerLiveAsync(new ServerLiveRequest())).Live);

        var text = await server.Client.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        Assert.Contains("http_requests_total{endpoint=\"/inference.GRPCInferenceService/ModelMetadata\",method=\"POST\",status=\"404\"}", text, StringComparison.Ordinal);
        Assert.Contains("http_requests_total{endpoint=\"/inference.GRPCInferenceService/ServerLive\",method=\"POST\",status=\"200\"}", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_infer_tells_its_memory_where_that_is_asked_for()
    {
        await using var server = await RunningServer.StartAsync();
        const string Body = """{"inputs":[{"name":"text","shape":[1],"datatype":"BYTES","data":["The striker scored twice"]}]}""";
        var (plain, _, _) = await server.PostAsync("/v2/models/topic/infer", Body, []);
        Assert.False(plain.Headers.Contains("Memory-Profile"));
        var (profiled, _, _) = await server.PostAsync("/v2/models/topic/infer?profile=memory", Body, []);
        using var memory = JsonDocument.Parse(profiled.Headers.GetValues("Memory-Profile").Single());
        Assert.True(memory.RootElement.GetProperty("peakResidentBytes").GetInt64() > 0);
        var (refused, _, _) = await server.PostAsync("/v2/models/topic/infer?profile=everything", Body, []);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);

        // The same over gRPC.
        var request = new ModelInferRequest { ModelName = "topic" };
        request.Inputs.Add(new ModelInferRequest.Types.InferInputTensor { Name = "text", Datatype = "BYTES", Shape = { 1 }, Contents = new InferTensorContents { BytesContents = { Google.Protobuf.ByteString.CopyFromUtf8("The striker scored twice") } } });
        using var unprofiled = server.Rpc.ModelInferAsync(request);
        await unprofiled;
        Assert.Null(unprofiled.GetTrailers().GetValue("memory-profile"));
        using var call = server.Rpc.ModelInferAsync(request, new Grpc.Core.Metadata { { "profile", "memory" } });
        await call;
        using var told = JsonDocument.Parse(call.GetTrailers().GetValue("memory-profile")!);
        Assert.True(told.RootElement.GetProperty("allocatedBytes").GetInt64() > 0);
        using var odd = server.Rpc.ModelInferAsync(request, new Grpc.Core.Metadata { { "profile", "everything" } });
        Assert.Equal(Grpc.Core.StatusCode.InvalidArgument, (await Assert.ThrowsAsync<Grpc.Core.RpcException>(async () => await odd)).StatusCode);
    }

    [Theory]
    [InlineData("/metrics")]
    [InlineData("/metrics/system")]
    [InlineData("/metrics/application")]
    public void They_are_for_those_who_may_read(string path) =>
        Assert.Equal(AiAssignments.Pipeline.Access.AccessScope.Read, CredentialAccess.ScopeOf(path));
}
