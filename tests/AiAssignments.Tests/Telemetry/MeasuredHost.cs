using System.Diagnostics.CodeAnalysis;
using AiAssignments.Azure.Telemetry;
using AiAssignments.Core.Jobs;
using AiAssignments.Embedded;
using AiAssignments.Http;
using AiAssignments.Http.Access;
using AiAssignments.Http.Operations;
using AiAssignments.Http.Problems;
using AiAssignments.Http.Routing;
using AiAssignments.Http.Uploads;
using AiAssignments.Local.Hosting;
using AiAssignments.Pipeline.Access;
using AiAssignments.Pipeline.Operations;
using AiAssignments.Terminal;
using AiAssignments.Tests.Pipeline;
using AiAssignments.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Spectre.Console;

namespace AiAssignments.Tests.Telemetry;

/// <summary>The gateway with its telemetry and real models, on a free port of the loopback.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Disposed asynchronously.")]
internal sealed class MeasuredHost : IAsyncDisposable
{
    private readonly TemporaryFolder folder = new();
    private WebApplication app = null!;

    public EmbeddedRuntime Runtime { get; private set; } = null!;

    public HttpClient Http { get; private set; } = null!;

    public Uri Address => Http.BaseAddress!;

    public IReadOnlyList<string> Templates { get; private set; } = [];

    /// <summary>What stands where the console's log is.</summary>
    public LineRecorder Console { get; } = new();

    public static async Task<MeasuredHost> StartAsync(Dictionary<string, string?>? settings = null, AccessOptions? access = null, params string[] models)
    {
        var host = new MeasuredHost();
        host.Runtime = await EmbeddedRuntime.OpenAsync(new EmbeddedOptions { DataFolder = host.folder.File("data") }, CancellationToken.None);
        foreach (var model in models)
        {
            await host.Runtime.Models.RegisterAsync(Path.Combine(PipelineFixture.ModelsFolder, model), null, activate: true, CancellationToken.None);
        }

        var builder = WebApplication.CreateSlimBuilder();

        // As the hosts do: a console, and warnings.
        builder.Logging.ClearProviders().AddProvider(host.Console).SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(settings ?? []);
        var monitor = new OperationsMonitor(host.folder.File("data"));
        builder.Services.AddEmbedded(host.Runtime).AddGateway().AddAccess(access ?? new AccessOptions()).AddUploads(host.folder.File("uploads"));
        builder.Services.AddSingleton<IProgressPublisher>(new ProgressView(AnsiConsole.Console) { Quiet = true });
        builder.Services.AddSingleton(_ => monitor).AddSingleton<IGatewayRoutes, OperationsRoutes>();

        // Twice, as a host does that is put together from parts: nothing may come twice of it.
        for (var twice = 0; twice < 2; twice++)
        {
            builder.Services.AddTelemetry(builder.Configuration, "aia-test").AddAzureMonitor(builder.Configuration);
        }

        host.app = builder.Build();
        host.app.UseMiddleware<RequestMetrics>();
        host.app.UseMiddleware<ProblemMiddleware>();
        host.app.UseRouting();
        host.app.UseAccess();
        var routes = host.app.Services.GetServices<IGatewayRoutes>().ToList();
        host.Templates = [.. routes.SelectMany(subject => subject.Routes).Select(route => "/" + route.Template)];
        host.app.MapGateway(routes);
        await host.app.StartAsync();
        host.Http = new HttpClient { BaseAddress = new Uri(host.app.Urls.First()) };
        return host;
    }

    /// <summary>Sends what waits to be sent.</summary>
    public void Flush()
    {
        app.Services.GetService<TracerProvider>()?.ForceFlush();
        app.Services.GetService<MeterProvider>()?.ForceFlush();
        app.Services.GetService<LoggerProvider>()?.ForceFlush();
    }

    /// <summary>A log as the host's own code has it.</summary>
    public ILogger Log(string category) => app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(category);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
        await Runtime.DisposeAsync();
        folder.Dispose();
    }
}
