using AiAssignments.Core.Errors;
using AiAssignments.Inference.Protocol.Repository;
using AiAssignments.Inference.Runtime;
using AiAssignments.Inference.Serving;
using AiAssignments.Pipeline.Operations.Gpu;

namespace AiAssignments.InferenceServer.Hosting;

/// <summary>Starts the process: settings, device, models, host. A problem is one line and exit code 1.</summary>
internal static class InferenceProgram
{
    public static async Task<int> RunAsync(string[] args)
    {
        if (Usage.IsAsked(args))
        {
            Console.WriteLine(Usage.Text);
            return 0;
        }

        try
        {
            await ServeAsync(args).ConfigureAwait(false);
            return 0;
        }
        catch (ProblemException refused)
        {
            await Console.Error.WriteLineAsync($"error: {refused.Problem}").ConfigureAwait(false);
            return 1;
        }
        catch (IOException error) when (error.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            await Console.Error.WriteLineAsync($"error: {error.Message} Give another address with --urls and --grpc-urls. [address-in-use]").ConfigureAwait(false);
            return 3;
        }
    }

    private static async Task ServeAsync(string[] args)
    {
        var options = ServerOptions.From(args);
        var (cuda, line) = DeviceReport.Read(options);
        Console.WriteLine(line);
        var source = new ModelRepositoryFolder(options.Models);
        var server = new ModelServer(source, options.Serving with
        {
            Runtime = RuntimeOptions.Default with { Device = cuda ? "cuda" : "cpu", DeviceId = options.DeviceId, Log = Console.Error.WriteLine },
            MemoryBytes = options.Serving.MemoryBytes == 0 && cuda ? GpuMemory.ShareOf(options.DeviceId) : options.Serving.MemoryBytes,
        });
        Console.WriteLine($"Batches: {server.Description}.");
        await using (server.ConfigureAwait(false))
        {
            using var credentials = options.Access.Required ? new CredentialAccess(options.Access, TimeProvider.System) : null;
            var app = InferenceHost.Create(options, server, credentials is null ? new OpenAccess() : credentials);
            await using (app.ConfigureAwait(false))
            {
                // Taken first: the services are gone when it has run.
                var failure = app.Services.GetRequiredService<StartFailure>();
                await app.RunAsync().ConfigureAwait(false);
                if (failure.Problem is { } problem)
                {
                    throw new ProblemException(problem);
                }
            }
        }
    }
}
