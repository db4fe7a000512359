using System.Globalization;
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
            var trailers = new Metadata { { "problem-code", refused.Problem.Code } };
            if (refused.RetryAfter is { } wait)
            {
                // What gRPC's own retries go by (gRFC A6).
                trailers.Add("grpc-retry-pushback-ms", ((long)Math.Ceiling(wait.TotalMilliseconds)).ToString(CultureInfo.InvariantCulture));
            }

            var message = refused.Problem.Where is { } where ? $"{where}: {refused.Problem.Message}" : refused.Problem.Message;
            return new RpcException(new Status(ProblemStatus.Of(refused.Problem.Code).Rpc, message), trailers);
        }

        if (context.CancellationToken.IsCancellationRequested)
        {
            return new RpcException(new Status(StatusCode.Cancelled, "The call was given up."));
        }

        logger.LogError(error, "{Method} failed", context.Method);
        return new RpcException(new Status(StatusCode.Internal, "The server failed; its log says why."));
    }
}
