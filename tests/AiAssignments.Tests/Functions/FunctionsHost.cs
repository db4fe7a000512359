using AiAssignments.Core.Jobs;
using AiAssignments.Core.Storage;
using AiAssignments.Http;
using AiAssignments.Http.Access;
using AiAssignments.Http.Live;
using AiAssignments.Http.Operations;
using AiAssignments.Http.Routing;
using AiAssignments.Http.Uploads;
using AiAssignments.Pipeline.Access;
using AiAssignments.Pipeline.Access.Keys;
using AiAssignments.Pipeline.Operations;
using AiAssignments.Tests.Durable;
using AiAssignments.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AiAssignments.Tests.Functions;

/// <summary>
/// The Functions app without the Functions runtime: its functions as its source names them, matched by ASP.NET Core's routing as its worker does, the gateway's front around
/// each, and the pipeline over the durable adapter with a task hub in memory.
/// </summary>
internal sealed class FunctionsHost : IAsyncDisposable, IConnectionNegotiator
{
    private readonly AzureRuntimeFixture pipeline;
    private readonly WebApplication app;

    private FunctionsHost(AccessOptions access)
    {
        pipeline = new AzureRuntimeFixture(parts => parts with { Hub = Hub = new WatchedHub(parts.Hub) });
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(kestrel => new RequestLimits().Apply(kestrel));
        var (services, runtime) = (builder.Services, pipeline.Runtime);
        services.AddPipeline(_ => runtime).AddSingleton<IBlobStore>(pipeline.Blobs).AddSingleton<IGrowingBlobStore>(pipeline.Blobs);
        services.AddSingleton<IProgressPublisher>(pipeline.Progress).AddSingleton<IConnectionNegotiator>(this);
        services.AddGateway().AddAccess(access).AddSingleton<IGatewayRoutes, NegotiateRoutes>();
        services.AddSingleton(_ => new OperationsMonitor(pipeline.File("data"))).AddSingleton<IGatewayRoutes, OperationsRoutes>().AddTelemetry(builder.Configuration, "aia-functions");
        services.AddUploads(pipeline.File("uploads"), sweeps: false).AddSingleton<IDirectUploads>(new OneDirectUpload()).AddDirectUploads().AddPage(Path.Combine(RepositoryRoot.Path, "src", "dashboard")).AddSingleton<GatewayFront>();
        app = builder.Build();
        app.UseRouting();
        var front = app.Services.GetRequiredService<GatewayFront>();
        foreach (var function in FunctionSource.Http)
        {
            app.MapMethods(function.Route, function.Methods, context => front.GuardAsync(context, function.Name, async () =>
            {
                WatchedHub.Enter(function);
                var result = function.Name == GatewayFront.Unrouted ? front.Refuse(context) : await front.AnswerAsync(context, function.Name);
                await result.ExecuteAsync(context);
            }));
        }
    }

    public AzureRuntimeFixture Pipeline => pipeline;

    /// <summary>The hub as the functions see it.</summary>
    public WatchedHub Hub { get; private set; } = null!;

    public HttpClient Http { get; } = new();

    public static async Task<FunctionsHost> StartAsync(AccessOptions? access = null)
    {
        var host = new FunctionsHost(access ?? new AccessOptions { Keys = true });
        await host.app.StartAsync();
        host.Http.BaseAddress = new Uri(host.app.Urls.First());
        return host;
    }

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? key = null, HttpContent? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body };
        if (key is not null)
        {
            request.Headers.Add("X-API-Key", key);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        return await Http.SendAsync(request);
    }

    public async Task<string> KeyAsync(AccessScope scope) => (await app.Services.GetRequiredService<ApiKeys>().CreateAsync(new NewKey("key", scope, null), CancellationToken.None)).Text;

    public Task<NegotiatedConnection> NegotiateAsync(Uri origin, string? user, CancellationToken cancellationToken) =>
        Task.FromResult(new NegotiatedConnection(new Uri($"wss://hub.example/client?user={user}"), "json.webpubsub.azure.v1", DateTimeOffset.UnixEpoch));

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
        await pipeline.DisposeAsync();
        Assert.Empty(Hub.Strays);
    }
}
