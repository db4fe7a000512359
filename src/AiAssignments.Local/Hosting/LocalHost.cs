using AiAssignments.Core.Errors;
using AiAssignments.Embedded;
using AiAssignments.Inference.Runtime;
using AiAssignments.Terminal;
using Spectre.Console;

namespace AiAssignments.Local.Hosting;

/// <summary>Starts the process: settings, data folder, web server, drop loop. A problem is one line and an exit code.</summary>
internal static class LocalHost
{
    public static async Task<int> RunAsync(string[] args, Action<WebApplication> map)
    {
        try
        {
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
        builder.WebHost.UseUrls(options.Urls);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);

        var view = new ProgressView(AnsiConsole.Console);
        var runtime = await EmbeddedRuntime.OpenAsync(new EmbeddedOptions { DataFolder = options.DataFolder, Progress = view }, CancellationToken.None).ConfigureAwait(false);
        await using (runtime.ConfigureAwait(false))
        {
            builder.Services.AddSingleton(options).AddSingleton(runtime).AddSingleton(view).AddSingleton(AnsiConsole.Console);
            builder.Services.AddSingleton(state).AddHostedService<DropLoop>();
            builder.Services.ConfigureHttpJsonOptions(json => JsonSetup.Apply(json.SerializerOptions));
            var app = builder.Build();
            await using (app.ConfigureAwait(false))
            {
                app.UseMiddleware<ProblemMiddleware>();
                app.UseMiddleware<LoopbackGuard>();
                map(app);
                app.Lifetime.ApplicationStarted.Register(() => Console.WriteLine($"Serving on {string.Join(", ", app.Urls)}; data folder {options.DataFolder}; huge pages {ProcessTuning.Describe()}"));
                await app.RunAsync().ConfigureAwait(false);
            }
        }
    }
}
