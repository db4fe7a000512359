using System.Net;
using System.Security.Cryptography;
using System.Text;
using AiAssignments.Core.Errors;
using AiAssignments.Inference.Protocol.Wire;
using AiAssignments.InferenceServer.Hosting;
using AiAssignments.InferenceServer.Rpc;
using AiAssignments.Pipeline.Access;
using Grpc.Core;

namespace AiAssignments.IntegrationTests.InferenceServer;

/// <summary>Who may call an inference server that asks.</summary>
public sealed class CredentialTests
{
    private const string Key = "a key of thirty-two characters or more";

    private static readonly AccessOptions Asking = new() { Keys = true, AdminKeyHash = SHA256.HashData(Encoding.UTF8.GetBytes(Key)) };

    [Theory]
    [InlineData("GET", "/v2")]
    [InlineData("GET", "/v2/models/any")]
    [InlineData("POST", "/v2/models/any/infer")]
    [InlineData("POST", "/v2/repository/index")]
    [InlineData("POST", "/v2/repository/models/any/unload")]
    [InlineData("POST", "/v2/memory/trim")]
    [InlineData("GET", "/not/there")]
    public async Task Without_a_key_or_with_a_wrong_one_nothing_but_health_answers(string method, string path)
    {
        using var access = new CredentialAccess(Asking, TimeProvider.System);
        await using var server = await RunningServer.StartAsync(new ScriptedServer(), ProtocolLimits.Default, access: access);
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(server, method, path, null));
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(server, method, path, "another key"));
        Assert.Equal(HttpStatusCode.OK, await SendAsync(server, "GET", "/v2/health/live", null));
    }

    [Fact]
    public async Task With_the_key_it_answers()
    {
        using var access = new CredentialAccess(Asking, TimeProvider.System);
        await using var server = await RunningServer.StartAsync(new ScriptedServer(), ProtocolLimits.Default, access: access);
        Assert.Equal(HttpStatusCode.OK, await SendAsync(server, "GET", "/v2", Key));
        var refused = await Assert.ThrowsAsync<RpcException>(async () => await server.Rpc.ServerMetadataAsync(new ServerMetadataRequest()));
        Assert.Equal(StatusCode.Unauthenticated, refused.StatusCode);
        Assert.NotEmpty((await server.Rpc.ServerMetadataAsync(new ServerMetadataRequest(), new Metadata { { "x-api-key", Key } })).Name);
        Assert.True((await server.Rpc.ServerLiveAsync(new ServerLiveRequest())).Live);
    }

    [Fact]
    public void What_changes_the_models_is_the_administrators()
    {
        Assert.Equal(AccessScope.Admin, CredentialAccess.ScopeOf("/v2/repository/models/a/load"));
        Assert.Equal(AccessScope.Admin, CredentialAccess.ScopeOf("/V2/Repository/Models/a/load"));
        Assert.Equal(AccessScope.Admin, CredentialAccess.ScopeOf("/inference.GRPCInferenceService/RepositoryModelUnload"));
        Assert.Equal(AccessScope.Admin, CredentialAccess.ScopeOf("/inference.GRPCInferenceService/RepositoryModelUnload/"));
        Assert.Equal(AccessScope.Admin, CredentialAccess.ScopeOf("/inference.grpcinferenceservice/repositorymodelload"));
        Assert.Equal(AccessScope.Read, CredentialAccess.ScopeOf("/v2/models/a/infer"));
        Assert.Equal(AccessScope.Anonymous, CredentialAccess.ScopeOf("/v2/health/ready"));
    }

    [Fact]
    public void Asking_for_keys_without_having_one_is_refused_at_the_start()
    {
        var refused = Assert.Throws<ProblemException>(() => new CredentialAccess(new AccessOptions { Keys = true }, TimeProvider.System).Dispose());
        Assert.Equal("admin-key-missing", refused.Problem.Code);
        Assert.Equal("address-not-loopback", Assert.Throws<ProblemException>(() => ServerOptions.From(["--models", ".", "--urls", "http://0.0.0.0:8000"])).Problem.Code);
        Assert.True(ServerOptions.From(["--models", ".", "--urls", "http://0.0.0.0:8000", "--auth", "keys"]).Access.Required);
    }

    private static async Task<HttpStatusCode> SendAsync(RunningServer server, string method, string path, string? key)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (key is not null)
        {
            request.Headers.Add("X-API-Key", key);
        }

        using var response = await server.Client.SendAsync(request);
        return response.StatusCode;
    }
}
