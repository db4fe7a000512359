using AiAssignments.Core.Errors;
using AiAssignments.Http.Problems;

namespace AiAssignments.Http.Routing;

/// <summary>What happens around every handler, in every host: response headers, the answer, and a problem when there is none. Needs no middleware.</summary>
/// <param name="logger">Told what failed inside.</param>
public sealed class GatewayPipeline(ILogger<GatewayPipeline> logger)
{
    /// <summary>Answers a request with its route.</summary>
    /// <param name="route">The route that the request was matched to.</param>
    /// <param name="context">The request, its route values set.</param>
    public async Task InvokeAsync(GatewayRoute route, HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        try
        {
            var result = await route.Handler(context).ConfigureAwait(false);
            await result.ExecuteAsync(context).ConfigureAwait(false);
        }
        catch (Exception error) when (!context.Response.HasStarted)
        {
            if (ProblemResponse.Explain(error, context) is { } refused)
            {
                await ProblemResponse.WriteAsync(context, refused).ConfigureAwait(false);
            }
            else if (!context.RequestAborted.IsCancellationRequested)
            {
                logger.LogError(error, "{Route} failed", route.Name);
                await ProblemResponse.WriteAsync(context, new ProblemException("internal-error", "The server failed; its log says why.")).ConfigureAwait(false);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or IOException || context.RequestAborted.IsCancellationRequested)
        {
            // The answer had begun: what is left is to cut it off, so that a client does not take a part for the whole.
            context.Abort();
        }
    }
}
