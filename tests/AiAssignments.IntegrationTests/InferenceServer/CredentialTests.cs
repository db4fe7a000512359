using System.Globalization;
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
    public async Task A_call_that_is_refused_gets_an_answer_of_grpc()
    {
        using var access = new CredentialAccess(Asking, TimeProvider.System);
        await using var server = await RunningServer.StartAsync(new ScriptedServer(), ProtocolLimits.Default, access: access);
        var refused = await Assert.ThrowsAsync<RpcException>(async () => await server.Rpc.ServerMetadataAsync(new ServerMetadataRequest()));
        Assert.Equal("request-unauthenticated", refused.Trailers.GetValue("problem-code"));
        Assert.DoesNotContain("HTTP", refused.Status.Detail, StringComparison.Ordinal);

        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.RpcAddress, "/inference.GRPCInferenceService/ServerMetadata"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(new byte[5]),
        };
        request.Content.Headers.ContentType = new("application/grpc");
        using var response = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/grpc", response.Content.Headers.ContentType!.ToString());
        Assert.Equal("16", response.Headers.GetValues("grpc-status").Single());
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task A_call_too_many_is_told_when_to_come_again()
    {
        using var access = new CredentialAccess(Asking with { CallerLimit = new(0.01, 1) }, TimeProvider.System);
        await using var server = await RunningServer.StartAsync(new ScriptedServer(), ProtocolLimits.Default, access: access);
        var key = new Metadata { { "x-api-key", Key } };
        await server.Rpc.ServerMetadataAsync(new ServerMetadataRequest(), key);
        var refused = await Assert.ThrowsAsync<RpcException>(async () => await server.Rpc.ServerMetadataAsync(new ServerMetadataRequest(), key));
        Assert.Equal((StatusCode.ResourceExhausted, "rate-limited"), (refused.StatusCode, refused.Trailers.GetValue("problem-code")));
        Assert.InRange(long.Parse(refused.Trailers.GetValue("grpc-retry-pushback-ms")!, CultureInfo.InvariantCulture), 1, 100_000);
    }

    [Theory]
    [InlineData("plain, as it is", "plain, as it is")]
    [InlineData("100 % \n é…", "100 %25 %0A %C3%A9%E2%80%A6")]
    public void A_message_travels_in_a_header(string message, string encoded) => Assert.Equal(encoded, RpcProblem.Encode(message));

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
