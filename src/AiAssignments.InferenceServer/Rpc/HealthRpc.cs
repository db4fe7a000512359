using AiAssignments.InferenceServer.Hosting;
using AiAssignments.InferenceServer.Rpc.Health;
using Grpc.Core;
using HealthService = AiAssignments.InferenceServer.Rpc.Health.Health;
using ServingStatus = AiAssignments.InferenceServer.Rpc.Health.HealthCheckResponse.Types.ServingStatus;

namespace AiAssignments.InferenceServer.Rpc;

/// <summary><c>grpc.health.v1.Health</c>: of the server as a whole (no name) and of <c>inference.GRPCInferenceService</c>, which are ready together.</summary>
internal sealed class HealthRpc(Readiness readiness, IHostApplicationLifetime lifetime) : HealthService.HealthBase
{
    public override Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context) => IsKnown(request)
        ? Task.FromResult(new HealthCheckResponse { Status = Current() })
        : throw new RpcException(new Status(StatusCode.NotFound, "There is no such service here."));

    public override async Task Watch(HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, ServerCallContext context)
    {
        // A watch has no end of its own, and must not hold up the server's.
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        ServingStatus? told = null;
        while (!context.CancellationToken.IsCancellationRequested)
        {
            // Taken first: what changes after that ends the wait.
            var changed = readiness.Changed;
            var status = !IsKnown(request) ? ServingStatus.ServiceUnknown : ended.IsCancellationRequested ? ServingStatus.NotServing : Current();
            if (status != told)
            {
                await responseStream.WriteAsync(new HealthCheckResponse { Status = status }, context.CancellationToken).ConfigureAwait(false);
                told = status;
            }

            if (ended.IsCancellationRequested)
            {
                return;
            }

            await changed.WaitAsync(ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static bool IsKnown(HealthCheckRequest request) => request.Service is "" or "inference.GRPCInferenceService";

    private ServingStatus Current() => readiness.Ready ? ServingStatus.Serving : ServingStatus.NotServing;
}
