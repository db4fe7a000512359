using AiAssignments.Core.Errors;
using AiAssignments.InferenceServer.Hosting;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace AiAssignments.InferenceServer.Rpc;

/// <summary>Shows a problem as a gRPC status, with its stable code in the trailers.</summary>
internal sealed class ProblemInterceptor(ILogger<ProblemInterceptor> logger) : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(request, context).ConfigureAwait(false);
        }
        catch (Exception error) when (error is not RpcException)
        {
            throw Show(error, context);
        }
    }

    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await continuation(requestStream, responseStream, context).ConfigureAwait(false);
        }
        catch (Exception error) when (error is not RpcException)
        {
            throw Show(error, context);
        }
    }

    private RpcException Show(Exception error, ServerCallContext context)
    {
        if (error is ProblemException refused)
        {
            if (ProblemStatus.IsOurs(refused.Problem.Code))
            {
                logger.LogError(refused, "{Method} failed", context.Method);
            }

            return new RpcException(RpcProblem.StatusOf(refused.Problem), RpcProblem.TrailersOf(refused.Problem, refused.RetryAfter));
        }

        if (context.CancellationToken.IsCancellationRequested)
        {
            return new RpcException(new Status(StatusCode.Cancelled, "The call was given up."));
        }

        logger.LogError(error, "{Method} failed", context.Method);
        return new RpcException(new Status(StatusCode.Internal, "The server failed; its log says why."));
    }
}
