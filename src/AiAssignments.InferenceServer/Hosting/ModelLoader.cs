using AiAssignments.Core.Errors;
using AiAssignments.Inference.Serving;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace AiAssignments.InferenceServer.Hosting;

/// <summary>Says where the server listens, loads and warms the models of <c>--load</c>, one after the other, and then lets the server say ready.</summary>
internal sealed class ModelLoader(IModelServer server, IServer listener, ServerOptions options, Readiness readiness, IHostApplicationLifetime lifetime, StartFailure failure)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Live comes first, ready later: an orchestrator must not take loading for hanging.
        using var started = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStarted, stoppingToken);
        await Task.Delay(Timeout.Infinite, started.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            Tell();
            await LoadAsync(stoppingToken).ConfigureAwait(false);
            readiness.Ready = true;
            Console.WriteLine("Ready.");
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopped while loading.
        }
        catch (Exception error)
        {
            failure.Problem = (error as ProblemException)?.Problem ?? new Problem("internal-error", $"Loading the models failed: {error.Message}");
            lifetime.StopApplication();
        }
    }

    // HTTP endpoints are listened on first, so their addresses come first.
    private void Tell()
    {
        var addresses = listener.Features.Get<IServerAddressesFeature>()?.Addresses.ToList() ?? [];
        Console.WriteLine($"HTTP on {string.Join(", ", addresses.Take(options.Http.Count))}; gRPC on {(options.Grpc.Count == 0 ? "no port" : string.Join(", ", addresses.Skip(options.Http.Count)))}; models in {options.Models}");
    }

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        var names = options.Load ?? [.. (await server.ListAsync(cancellationToken).ConfigureAwait(false)).Select(status => status.Key.Name).Distinct()];
        foreach (var name in names)
        {
            try
            {
                await server.LoadAsync(name, null, cancellationToken).ConfigureAwait(false);
                var status = await server.FindAsync(name, null, cancellationToken).ConfigureAwait(false);
                Console.WriteLine($"Loaded {status?.Key.ToString() ?? name} on {status?.ExecutionProvider ?? "CPU"}.");
            }
            catch (ProblemException refused) when (!options.ExitOnError)
            {
                await Console.Error.WriteLineAsync($"error: the model '{name}' was not loaded: {refused.Problem}").ConfigureAwait(false);
            }
            catch (ProblemException refused)
            {
                throw new ProblemException(new Problem(refused.Problem.Code, $"The model '{name}' was not loaded: {refused.Problem.Message} With --exit-on-error false the others serve.", refused.Problem.Where), refused);
            }
        }

        if (names.Count == 0)
        {
            Console.WriteLine(options.Load is null ? $"There are no models in {options.Models} yet." : "No model is loaded before it is asked for (--load none).");
        }
    }
}

/// <summary>Why the process ended by itself.</summary>
internal sealed class StartFailure
{
    private volatile Problem? problem;

    public Problem? Problem
    {
        get => problem;
        set => problem = value;
    }
}
