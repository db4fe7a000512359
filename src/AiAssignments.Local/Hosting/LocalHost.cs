using AiAssignments.Azure.Telemetry;
using AiAssignments.Core.Errors;
using AiAssignments.Http.Access;
using AiAssignments.Http.Live;
using AiAssignments.Http.Operations;
using AiAssignments.Http.Problems;
using AiAssignments.Inference.Runtime;
using AiAssignments.Pipeline.Access;
using AiAssignments.Terminal;

namespace AiAssignments.Local.Hosting;

/// <summary>Starts the process: settings, data folder, web server, drop loop. A problem is one line and an exit code.</summary>
internal static class LocalHost
{
    public static async Task<int> RunAsync(string[] args, Action<WebApplication> map)
    {
        if (LocalUsage.IsAsked(args))
        {
            Console.WriteLine(LocalUsage.Text);
            return ExitCodes.Done;
        }

        try
        {
            LocalUsage.Check(args);
            var state = new HostState();
            await ServeAsync(args, map, state).ConfigureAwait(false);
            return state.Failure is { } failure ? throw new ProblemException(failure) : ExitCodes.Done;
        }
        catch (ProblemException refused)
        {
            await Console.Error.WriteLineAsync($"error: {SafeText.Of(refused.Problem.ToString(), 2000)}").ConfigureAwait(false);
            return ExitCodes.Of(refused.Problem.Code);
        }
        catch (IOException error) when (error.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            await Console.Error.WriteLineAsync($"error: {error.Message} Give another address with --urls http://127.0.0.1:PORT. [address-in-use]").ConfigureAwait(false);
            return ExitCodes.Busy;
        }
    }

    private static async Task ServeAsync(string[] args, Action<WebApplication> map, HostState state)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        var options = LocalOptions.From(builder.Configuration);
        if (options.Tls)
        {
            TlsCertificate.Require(builder.Configuration);
            builder.WebHost.UseKestrelHttpsConfiguration();
        }

        builder.WebHost.UseUrls(options.Addresses);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            new RequestLimits().Apply(kestrel);
            kestrel.UseHttp2On(options.Http2Ports);
        });

        var pipeline = await LocalPipeline.OpenAsync(options).ConfigureAwait(false);
        await using (pipeline.ConfigureAwait(false))
        {
            builder.Services.AddLocal(options, pipeline, state).AddAccess(options.Access).AddTelemetry(builder.Configuration, "aia-local").AddAzureMonitor(builder.Configuration);
            var app = builder.Build();
            await using (app.ConfigureAwait(false))
            {
                await app.Services.GetRequiredService<AccessGate>().EnsureAdministrableAsync(CancellationToken.None).ConfigureAwait(false);
                Use(app, options.Access);
                map(app);
                app.Lifetime.ApplicationStarted.Register(() => Console.WriteLine(
                    $"Serving on {string.Join(", ", app.Urls)};{(options.Access.Required ? " callers need a credential;" : string.Empty)} data folder {options.DataFolder}; huge pages {ProcessTuning.Describe()}"));
                pipeline.Runtime.BlobsLost.Register(() =>
                {
                    state.Failure = HeldStorage.Lost(options.Blobs?.Container);
                    app.Lifetime.StopApplication();
                });
                if (options.EndsWithInput)
                {
                    InputEnd.Watch(Console.OpenStandardInput(), app.Lifetime);
                }

                await app.RunAsync().ConfigureAwait(false);
            }
        }
    }

    private static void Use(WebApplication app, AccessOptions access)
    {
        app.UseMiddleware<RequestMetrics>();
        app.UseMiddleware<ProblemMiddleware>();
        if (!access.Required)
        {
            app.UseMiddleware<LoopbackGuard>();
        }

        app.UseRouting();
        app.UseAccess();
        app.MapProgressSockets();
    }
}
