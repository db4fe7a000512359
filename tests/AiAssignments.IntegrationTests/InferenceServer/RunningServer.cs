using System.Globalization;
using System.Net;
using System.Text;
using AiAssignments.Inference.Protocol.Repository;
using AiAssignments.Inference.Protocol.Wire;
using AiAssignments.Inference.Runtime;
using AiAssignments.Inference.Serving;
using AiAssignments.InferenceServer.Hosting;
using AiAssignments.InferenceServer.Rpc;
using AiAssignments.Tests.Support;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace AiAssignments.IntegrationTests.InferenceServer;

/// <summary>The inference server in this process, on free ports of the loopback.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly IAsyncDisposable? owned;
    private readonly GrpcChannel channel;

    private RunningServer(WebApplication app, IAsyncDisposable? owned)
    {
        this.app = app;
        this.owned = owned;
        var urls = app.Urls.ToList();
        Address = new Uri(urls[0]);
        RpcAddress = new Uri(urls[1]);
        Client = new HttpClient { BaseAddress = Address };
        channel = GrpcChannel.ForAddress(RpcAddress, new GrpcChannelOptions { MaxReceiveMessageSize = null, MaxSendMessageSize = null });
        Rpc = new GRPCInferenceService.GRPCInferenceServiceClient(channel);
    }

    public static string Models { get; } = Path.Combine(RepositoryRoot.Path, "src", "AiAssignments.Local", "models");

    public Uri Address { get; }

    public Uri RpcAddress { get; }

    public HttpClient Client { get; }

    public Readiness Readiness => app.Services.GetRequiredService<Readiness>();

    public GRPCInferenceService.GRPCInferenceServiceClient Rpc { get; }

    /// <summary>With the sample models; ready.</summary>
    public static async Task<RunningServer> StartAsync()
    {
        var models = new ModelServer(new ModelRepositoryFolder(Models), ModelServerOptions.Default with { Runtime = RuntimeOptions.Default with { IntraOpThreads = 1 }, Lanes = 1 });
        var running = await StartAsync(models, ProtocolLimits.Default, models);
        while (!running.app.Services.GetRequiredService<Readiness>().Ready)
        {
            Assert.Null(running.app.Services.GetRequiredService<StartFailure>().Problem);
            await Task.Delay(20);
        }

        return running;
    }

    public static async Task<RunningServer> StartAsync(IModelServer server, ProtocolLimits limits, IAsyncDisposable? owned = null, IServerAccess? access = null)
    {
        var options = new ServerOptions { Models = Models, Http = [new IPEndPoint(IPAddress.Loopback, 0)], Grpc = [new IPEndPoint(IPAddress.Loopback, 0)], Limits = limits };
        var app = InferenceHost.Create(options, server, access ?? new OpenAccess());
        await app.StartAsync();
        return new RunningServer(app, owned);
    }

    /// <summary>Posts a body as a client of the binary extension does.</summary>
    public async Task<(HttpResponseMessage Response, string Header, byte[] Binary)> PostAsync(string path, string header, byte[] binary, Action<HttpRequestMessage>? change = null)
    {
        var json = Encoding.UTF8.GetBytes(header);
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent([.. json, .. binary]) };
        if (binary.Length > 0)
        {
            request.Headers.TryAddWithoutValidation("Inference-Header-Content-Length", json.Length.ToString(CultureInfo.InvariantCulture));
        }

        change?.Invoke(request);
        var response = await Client.SendAsync(request);
        var body = await response.Content.ReadAsByteArrayAsync();
        var length = response.Headers.TryGetValues("Inference-Header-Content-Length", out var said) ? int.Parse(said.Single(), CultureInfo.InvariantCulture) : body.Length;
        return response.Content.Headers.ContentEncoding.Count > 0 ? (response, string.Empty, body) : (response, Encoding.UTF8.GetString(body, 0, length), body[length..]);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        channel.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
        if (owned is not null)
        {
            await owned.DisposeAsync();
        }
    }
}
