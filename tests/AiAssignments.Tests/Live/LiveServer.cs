using AiAssignments.Core.Jobs;
using AiAssignments.Embedded.Live;
using AiAssignments.Http.Live;
using AiAssignments.Http.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AiAssignments.Tests.Live;

/// <summary>A hub behind Kestrel on a free port of this machine.</summary>
internal sealed class LiveServer : IAsyncDisposable
{
    private readonly WebApplication app;

    private LiveServer(WebApplication app, ProgressHub hub)
    {
        this.app = app;
        Hub = hub;
        Address = new Uri(app.Urls.Single());
    }

    public ProgressHub Hub { get; }

    public Uri Address { get; }

    public static async Task<LiveServer> StartAsync(ProgressHubOptions? options = null, TimeProvider? time = null, IProgressSource? source = null)
    {
        var hub = new ProgressHub(options, time) { Source = source };
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton<IProgressSockets>(hub);
        var app = builder.Build();
        app.UseMiddleware<ProblemMiddleware>();
        app.MapProgressSockets();
        foreach (var route in new NegotiateRoutes(hub).Routes)
        {
            app.MapMethods(route.Template, [route.Method], async context => await (await route.Handler(context)).ExecuteAsync(context));
        }

        await app.StartAsync();
        return new LiveServer(app, hub);
    }

    public async Task<Uri> UrlAsync() => (await Hub.NegotiateAsync(Address, "someone", CancellationToken.None)).Url;

    public async Task<LiveClient> ConnectAsync() => await LiveClient.ConnectAsync(await UrlAsync());

    public Task StopAsync() => app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await Hub.DisposeAsync();
        await app.DisposeAsync();
    }
}
