using AiAssignments.IntegrationTests.InferenceServer;
using AiAssignments.Tests.Support;

namespace AiAssignments.IntegrationTests.LoadTesting;

/// <summary>Load on the inference server: ModelInfer over gRPC, and the same bodies over HTTP.</summary>
public sealed class InferenceServerLoadTests : IAsyncLifetime
{
    private const string Body = """{"inputs":[{"name":"text","shape":[1],"datatype":"BYTES","data":["a wonderful film, number {n}"]}]}""";
    private RunningServer server = null!;

    public async Task InitializeAsync() => server = await RunningServer.StartAsync();

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task Model_infer_is_asked_over_grpc_and_http()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("bodies.jsonl"), Body + "\n" + Body + "\n");
        var rpc = await AiaLoadTest.ReportAsync($"grpc://127.0.0.1:{server.RpcAddress.Port}", "--model", "sentiment", "--body-file", folder.File("bodies.jsonl"), "--rate", "50");
        Assert.InRange(rpc.Count("total"), 70, 76);
        Assert.Equal(0, rpc.Count("failed"));
        Assert.Equal(rpc.Count("total"), rpc.GetProperty("statuses").GetProperty("grpc 0").GetInt64());

        var http = await AiaLoadTest.ReportAsync($"{server.Address}v2/models/sentiment/infer", "--body", Body, "--rate", "50");
        Assert.InRange(http.Count("total"), 70, 76);
        Assert.Equal(0, http.Count("failed"));
    }

    [Fact]
    public async Task A_refusal_is_a_status_with_its_words()
    {
        var report = await AiaLoadTest.ReportAsync($"grpc://127.0.0.1:{server.RpcAddress.Port}", "--model", "absent", "--body", Body, "--users", "1", "--think", "100ms");
        Assert.Equal(report.Count("total"), report.GetProperty("errors").GetProperty("status").GetInt64());
        Assert.Equal(report.Count("total"), report.GetProperty("statuses").GetProperty("grpc 5").GetInt64());
        Assert.Contains("absent", report.GetProperty("messages").ToString(), StringComparison.Ordinal);
    }
}
