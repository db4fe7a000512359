using AiAssignments.Azure.Telemetry;
using AiAssignments.Core.Errors;
using AiAssignments.Http.Access;
using AiAssignments.Http.Operations;
using AiAssignments.Inference.Protocol;
using AiAssignments.Inference.Serving;
using AiAssignments.InferenceServer.Http;
using AiAssignments.InferenceServer.Rpc;
using AiAssignments.Pipeline.Operations;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace AiAssignments.InferenceServer.Hosting;

/// <summary>Puts the protocol's two transports around a model server.</summary>
internal static class InferenceHost
{
    /// <summary>Makes the host; nothing listens yet.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="server">Serves the models; not owned.</param>
    /// <param name="access">Who may call.</param>
    /// <exception cref="ProblemException"><c>address-not-loopback</c>: others could reach it, and nobody is asked for a key.</exception>
    public static WebApplication Create(ServerOptions options, IModelServer server, IServerAccess access)
    {
        if (options.Exposed && !access.Asks)
        {
            throw new ProblemException(
                "address-not-loopback",
                "--urls or --grpc-urls has an address that others can reach, and nobody is asked for a key; configure API keys or JWT, or listen on 127.0.0.1.");
        }

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.UseUrls();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            new RequestLimits().Apply(kestrel);
            kestrel.Limits.MaxRequestBodySize = options.Limits.BodyBytes;
            foreach (var address in options.Http)
            {
                kestrel.Listen(address, listen => listen.Protocols = HttpProtocols.Http1);
            }

            foreach (var address in options.Grpc)
            {
                kestrel.Listen(address, listen => listen.Protocols = HttpProtocols.Http2);
            }

            kestrel.Limits.Http2.InitialStreamWindowSize = 1 << 20;
            kestrel.Limits.Http2.InitialConnectionWindowSize = 4 << 20;
        });
        builder.Services.AddSingleton(options).AddSingleton(options.Limits).AddSingleton(server).AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<InferenceStatistics>().AddSingleton<InferenceProtocol>().AddSingleton<Readiness>().AddSingleton<StartFailure>();
        builder.Services.AddHostedService<ModelLoader>();
        builder.Services.AddTelemetry(builder.Configuration, "aia-inference").AddAzureMonitor(builder.Configuration);
        builder.Services.AddSingleton(_ => new OperationsMonitor(options.Models));
        builder.Services.AddGrpc(grpc =>
        {
            grpc.MaxReceiveMessageSize = options.Limits.BodyBytes;
            grpc.MaxSendMessageSize = null;
            grpc.Interceptors.Add<ProblemInterceptor>();
        });

        var app = builder.Build();

        // Clients that watch the health go elsewhere while what was taken is answered.
        app.Lifetime.ApplicationStopping.Register(() => app.Services.GetRequiredService<Readiness>().Ready = false);
        // Outermost, so that the status is the one that was sent. What a caller must be allowed is said by the endpoint, so routing comes before access.
        app.UseMiddleware<RequestMetrics>();
        app.UseMiddleware<ErrorMiddleware>();
        app.UseRouting();
        if (access.Asks)
        {
            access.Use(app);
        }
        else
        {
            app.UseMiddleware<LoopbackGuard>();
        }

        app.MapServer();
        app.MapModels();
        app.MapRepository();
        app.MapOperations();
        app.MapGrpcService<InferenceRpc>();
        app.MapGrpcService<HealthRpc>();
        app.MapFallback(context => throw new ProblemException("route-not-found", $"There is no {context.Request.Method} {context.Request.Path} here; the routes begin with /v2."));
        return app;
    }
}
