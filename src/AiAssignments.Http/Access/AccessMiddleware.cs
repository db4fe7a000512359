using AiAssignments.Core.Errors;
using AiAssignments.Http.Routing;
using Microsoft.AspNetCore.Http.Features;

namespace AiAssignments.Http.Access;

/// <summary>
/// At the door of every endpoint: who asks, how large the body may be (by its announced length, and while it is read), and how long the answer may take.
/// An endpoint says what it requires by its <see cref="GatewayRoute"/> or <see cref="RequiredAccess"/>; one that says nothing is the administrator's.
/// </summary>
/// <param name="next">The rest.</param>
/// <param name="control">Lets in.</param>
/// <param name="limits">The times.</param>
public sealed class AccessMiddleware(RequestDelegate next, AccessControl control, RequestLimits limits)
{
    /// <summary>Checks and runs the rest.</summary>
    /// <param name="context">The request.</param>
    /// <exception cref="ProblemException"><c>request-unauthenticated</c>, <c>request-forbidden</c>, <c>rate-limited</c>, <c>request-too-large</c>, <c>request-timeout</c>, <c>deadline-exceeded</c>, <c>request-malformed</c>.</exception>
    public async Task InvokeAsync(HttpContext context)
    {
        // Nothing there: the rest says so, to anyone.
        if (context.GetEndpoint() is not { } endpoint)
        {
            await next(context).ConfigureAwait(false);
            return;
        }

        var required = endpoint.Metadata.GetMetadata<GatewayRoute>() is { } route
            ? new RequiredAccess(route.Scope, route.BodyLimit)
            : endpoint.Metadata.GetMetadata<RequiredAccess>() ?? RequiredAccess.Unsaid;
        await control.CheckAsync(context, required.Scope, context.RequestAborted).ConfigureAwait(false);
        LimitBody(context, required.BodyLimit);
        try
        {
            // What streams in, and a socket, take the time they need; a connection that sends too slowly is cut by the web server.
            if (required.BodyLimit is null || context.WebSockets.IsWebSocketRequest || limits.Answer == Timeout.InfiniteTimeSpan)
            {
                await next(context).ConfigureAwait(false);
            }
            else
            {
                await RunTimedAsync(context).ConfigureAwait(false);
            }
        }
        catch (BadHttpRequestException broken) when (!context.Response.HasStarted)
        {
            throw broken.StatusCode switch
            {
                StatusCodes.Status413PayloadTooLarge => TooLarge(required.BodyLimit ?? 0, broken),
                StatusCodes.Status408RequestTimeout => new ProblemException(new Problem("request-timeout", "The body came too slowly."), broken),
                _ => new ProblemException(new Problem("request-malformed", "The request is not valid HTTP, or ended before its body did."), broken),
            };
        }
    }

    private static void LimitBody(HttpContext context, long? limit)
    {
        if (limit is { } most && context.Request.ContentLength > most)
        {
            throw TooLarge(most, null);
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature)
        {
            feature.MaxRequestBodySize = limit;
        }
    }

    private static ProblemException TooLarge(long most, Exception? inner) => new(new Problem("request-too-large", $"The body may have {most} bytes here."), inner);

    private async Task RunTimedAsync(HttpContext context)
    {
        var aborted = context.RequestAborted;
        var deadline = new AnswerDeadline(context, limits.Answer);
        await using var ending = deadline.ConfigureAwait(false);
        try
        {
            await next(context).ConfigureAwait(false);
        }
        catch (OperationCanceledException late) when (deadline.Take(context) is { } problem)
        {
            throw new ProblemException(problem.Problem, late);
        }
        finally
        {
            context.Features.Set<AnswerDeadline>(null);
            context.RequestAborted = aborted;
        }
    }
}
