using System.Net;
using AiAssignments.Core.Jobs;
using AiAssignments.Embedded;
using AiAssignments.Embedded.Live;
using AiAssignments.Http;
using AiAssignments.Http.Access;
using AiAssignments.Http.Live;
using AiAssignments.Http.Operations;
using AiAssignments.Http.Problems;
using AiAssignments.Http.Routing;
using AiAssignments.Http.Uploads;
using AiAssignments.Local.Hosting;
using AiAssignments.Pipeline.Access;
using AiAssignments.Pipeline.Access.Keys;
using AiAssignments.Pipeline.Operations;
using AiAssignments.Pipeline.Uploads;
using AiAssignments.Pipeline.Uploads.Models;
using AiAssignments.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AiAssignments.Tests.Access;

/// <summary>A gateway in this process on a free loopback port, over a data folder of its own, with every route that a host has (but not its counting of requests, which is the process's and other tests look at).</summary>
internal sealed class GatewayHost : IAsyncDisposable, IProgressPublisher
{
    private readonly TemporaryFolder folder = new();
    private EmbeddedRuntime runtime = null!;
    private WebApplication app = null!;
    private ProgressHub hub = null!;
    private OperationsMonitor monitor = null!;

    /// <summary>Every route that is registered.</summary>
    public IReadOnlyList<GatewayRoute> Routes => [.. app.Services.GetServices<IGatewayRoutes>().SelectMany(subject => subject.Routes)];

    public HttpClient Http { get; private set; } = null!;

    public EmbeddedRuntime Runtime => runtime;

    public ApiKeys Keys => app.Services.GetRequiredService<ApiKeys>();

    public UploadDesk Desk => app.Services.GetRequiredService<UploadDesk>();

    public List<JobProgress> Progress { get; } = [];

    public string DataFolder => folder.File("data");

    public string PathOf(string name) => folder.File(name);

    public static async Task<GatewayHost> StartAsync(
        AccessOptions? access = null, UploadOptions? uploads = null, TimeProvider? time = null, RequestLimits? limits = null, ModelUploadLimits? models = null, Action<WebApplication>? map = null)
    {
        var host = new GatewayHost();
        await host.OpenAsync(access ?? new AccessOptions(), uploads, time ?? TimeProvider.System, limits ?? new RequestLimits(), models, map);
        return host;
    }

    /// <summary>Stops the server and starts another over the same folder.</summary>
    public async Task RestartAsync(UploadOptions? uploads = null, TimeProvider? time = null)
    {
        await StopAsync();
        await OpenAsync(new AccessOptions(), uploads, time ?? TimeProvider.System, new RequestLimits(), null, null);
    }

    public async Task<string> KeyAsync(AccessScope scope, DateTimeOffset? expires = null) =>
        (await Keys.CreateAsync(new NewKey($"a {scope.Name()} key", scope, expires), CancellationToken.None)).Text;

    public async Task<HttpResponseMessage> SendAsync(string method, string path, string? credential = null, HttpContent? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = body };
        if (credential is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {credential}");
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await Http.SendAsync(request);
    }

    public static async Task<string> CodeAsync(HttpResponseMessage response)
    {
        using var document = System.Text.Json.JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return document.RootElement.GetProperty("code").GetString()!;
    }

    public void Publish(JobProgress progress)
    {
        lock (Progress)
        {
            Progress.Add(progress);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        folder.Dispose();
    }

    private async Task OpenAsync(AccessOptions access, UploadOptions? uploads, TimeProvider time, RequestLimits limits, ModelUploadLimits? models, Action<WebApplication>? map)
    {
        runtime = await EmbeddedRuntime.OpenAsync(new EmbeddedOptions { DataFolder = DataFolder }, CancellationToken.None);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            limits.Apply(kestrel);
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        builder.Services.AddSingleton(time).AddEmbedded(runtime).AddGateway().AddPage(Path.Combine(RepositoryRoot.Path, "src", "dashboard")).AddSingleton<IProgressPublisher>(this);
        hub = new ProgressHub(time: time);
        monitor = new OperationsMonitor(DataFolder);
        builder.Services.AddSingleton<IProgressSockets>(hub).AddSingleton<IConnectionNegotiator>(hub).AddSingleton<IGatewayRoutes, NegotiateRoutes>();
        builder.Services.AddSingleton(monitor).AddSingleton<IGatewayRoutes, OperationsRoutes>().AddTelemetry(builder.Configuration, "aia-test");
        builder.Services.AddAccess(access, limits).AddUploads(Path.Combine(runtime.CacheFolder, "uploads"), uploads, models);
        app = builder.Build();
        app.UseMiddleware<ProblemMiddleware>();
        app.UseRouting();
        app.UseAccess();
        app.MapProgressSockets();
        app.MapGateway(app.Services.GetServices<IGatewayRoutes>());
        map?.Invoke(app);
        await app.StartAsync();
        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(app.Urls.Single()) };
    }

    private async Task StopAsync()
    {
        Http.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
        await hub.DisposeAsync();
        monitor.Dispose();
        await runtime.DisposeAsync();
    }
}
