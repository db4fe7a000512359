using System.CommandLine;
using AiAssignments.Http.Routing;
using AiAssignments.Local.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace AiAssignments.Cli.Commands;

/// <summary><c>aia serve</c>: the local host, with its own arguments.</summary>
internal static class ServeCommand
{
    /// <summary>Its name.</summary>
    public const string Name = "serve";

    /// <summary>The command as help shows it. It is run by <see cref="RunAsync"/>, past the parser: the host has its own, and stops in its own time.</summary>
    public static Command Create()
    {
        var command = new Command(Name, "Serve and evaluate over HTTP until stopped, as src/AiAssignments.Local does, with its options: --data, --urls, --storage folder|azurite[:URL]|azure, --samples, --auth, --redis, --inference-servers.")
        {
            TreatUnmatchedTokensAsErrors = false,
        };
        command.SetAction((parsed, _) => RunAsync([.. parsed.UnmatchedTokens]));
        return command;
    }

    /// <summary>Serves until stopped.</summary>
    /// <param name="args">The host's arguments.</param>
    public static Task<int> RunAsync(string[] args) => LocalHost.RunAsync(args, app => app.MapGateway(app.Services.GetServices<IGatewayRoutes>()));
}
