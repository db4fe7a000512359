using AiAssignments.Core.Errors;

namespace AiAssignments.Http.Problems;

/// <summary>
/// Shows what other middleware refuses as RFC 9457 problem details, and gives the answers that routing leaves without a body one: no such route (404), another method (405).
/// Handlers do not depend on it: <see cref="Routing.GatewayPipeline"/> shows theirs.
/// </summary>
/// <param name="next">The rest.</param>
/// <param name="logger">Told what failed inside.</param>
public sealed class ProblemMiddleware(RequestDelegate next, ILogger<ProblemMiddleware> logger)
{
    /// <summary>Runs the rest and shows its problem.</summary>
    /// <param name="context">The request.</param>
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context).ConfigureAwait(false);
            if (context.Response is { StatusCode: StatusCodes.Status404NotFound or StatusCodes.Status405MethodNotAllowed, HasStarted: false, ContentType: null, ContentLength: null })
            {
                await ProblemResponse.WriteAsync(context, Unrouted(context)).ConfigureAwait(false);
            }
        }
        catch (Exception error) when (!context.Response.HasStarted)
        {
            if (ProblemResponse.Explain(error, context) is { } refused)
            {
                await ProblemResponse.WriteAsync(context, refused).ConfigureAwait(false);
            }
            else if (!context.RequestAborted.IsCancellationRequested)
            {
                logger.LogError(error, "{Method} {Path} failed", context.Request.Method, context.Request.Path);
                await ProblemResponse.WriteAsync(context, new ProblemException("internal-error", "The server failed; its log says why.")).ConfigureAwait(false);
            }
        }
    }

    private static ProblemException Unrouted(HttpContext context) => context.Response.StatusCode == StatusCodes.Status405MethodNotAllowed
        ? new ProblemException("method-not-allowed", $"This path answers {context.Response.Headers.Allow}.")
        : new ProblemException("route-not-found", "There is nothing at this path; /openapi.json lists what there is.");
}
