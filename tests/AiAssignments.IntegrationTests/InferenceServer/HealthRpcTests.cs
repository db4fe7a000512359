using System.Security.Cryptography;
using AiAssignments.Inference.Protocol.Wire;
using AiAssignments.InferenceServer.Hosting;
using AiAssignments.InferenceServer.Rpc.Health;
using AiAssignments.Pipeline.Access;
using Grpc.Core;
using Grpc.Net.Client;
using ServingStatus = AiAssignments.InferenceServer.Rpc.Health.HealthCheckResponse.Types.ServingStatus;

namespace AiAssignments.IntegrationTests.InferenceServer;

/// <summary>gRPC's health checking, which orchestrators and load balancers ask.</summary>
public sealed class HealthRpcTests
{
    [Theory]
    [InlineData("")]
    [InlineData("inference.GRPCInferenceService")]
    public async Task It_serves_when_what_was_to_be_loaded_is(string service)
    {
        await using var server = await RunningServer.StartAsync(new ScriptedServer(), ProtocolLimits.Default);
        using var channel = GrpcChannel.ForAddress(server.RpcAddress);
        var health = new Health.HealthClient(channel);
        using var watch = health.Watch(new HealthCheckRequest { Service = service });
        await UntilAsync(watch, ServingStatus.Serving);
        Assert.Equal(ServingStatus.Serving, (await health.CheckAsync(new HealthCheckRequest { Service = service })).Status);

        server.Readiness.Ready = false;

        await UntilAsync(watch, ServingStatus.NotServing);
        Assert.Equal(ServingStatus.NotServing, (await health.CheckAsync(new HealthCheckRequest { Service = service })).Status);
    }

    [Fact]
    public async Task A_service_that_is_not_here_is_unknown()
    {
        await using var server = await RunningServer.StartAsync(new ScriptedServer(), ProtocolLimits.Default);
        using var channel = GrpcChannel.ForAddress(server.RpcAddress);
        var health = new Health.HealthClient(channel);
        var refused = await Assert.ThrowsAsync<RpcException>(async () => await health.CheckAsync(new HealthCheckRequest { Service = "other" }));
        Assert.Equal(StatusCode.NotFound, refused.StatusCode);
        using var watch = health.Watch(new HealthCheckRequest { Service = "other" });
        await UntilAsync(watch, ServingStatus.ServiceUnknown);
    }

    [Fact]
    public async Task It_needs_no_key_and_a_watch_does_not_hold_up_the_end()
    {
        using var access = new CredentialAccess(new AccessOptions { Keys = true, AdminKeyHash = SHA256.HashData("a key"u8) }, TimeProvider.System);
        var server = await RunningServer.StartAsync(new ScriptedServer(), ProtocolLimits.Default, access: access);
        using var channel = GrpcChannel.ForAddress(server.RpcAddress);
        using var watch = new Health.HealthClient(channel).Watch(new HealthCheckRequest());
        await UntilAsync(watch, ServingStatus.Serving);

        var stopped = server.DisposeAsync().AsTask();

        await UntilAsync(watch, ServingStatus.NotServing);
        Assert.False(await watch.ResponseStream.MoveNext());
        await stopped.WaitAsync(TimeSpan.FromSeconds(20));
    }

    private static async Task UntilAsync(AsyncServerStreamingCall<HealthCheckResponse> watch, ServingStatus status)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        do
        {
            Assert.True(await watch.ResponseStream.MoveNext(limit.Token));
        }
        while (watch.ResponseStream.Current.Status != status);
    }
}
