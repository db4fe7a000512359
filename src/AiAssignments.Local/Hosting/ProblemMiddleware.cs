using AiAssignments.Core.Errors;
using Microsoft.AspNetCore.Mvc;

namespace AiAssignments.Local.Hosting;

/// <summary>Shows a problem as RFC 9457 problem details; anything else as a 500 without its inside.</summary>
internal sealed class ProblemMiddleware(RequestDelegate next, ILogger<ProblemMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context).ConfigureAwait(false);
        }
        catch (ProblemException refused) when (!context.Response.HasStarted)
        {
            await WriteAsync(context, StatusOf(refused.Problem.Code), refused.Problem).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to read an answer.
        }
        catch (Exception error) when (!context.Response.HasStarted)
        {
            logger.LogError(error, "{Method} {Path} failed", context.Request.Method, context.Request.Path);
            await WriteAsync(context, StatusCodes.Status500InternalServerError, new Problem("internal-error", "The server failed; its log says why.")).ConfigureAwait(false);
        }
    }

    private static int StatusOf(string code) => code switch
    {
        _ when code.EndsWith("-not-found", StringComparison.Ordinal) => StatusCodes.Status404NotFound,
        _ when code.EndsWith("-conflict", StringComparison.Ordinal) || code.EndsWith("-ambiguous", StringComparison.Ordinal) => StatusCodes.Status409Conflict,
        "request-forbidden" => StatusCodes.Status403Forbidden,
        "storage-full" => StatusCodes.Status507InsufficientStorage,
        "storage-locked" or "engine-stopped" => StatusCodes.Status503ServiceUnavailable,
        "internal-error" or "document-unreadable" => StatusCodes.Status500InternalServerError,
        _ when code.StartsWith("storage-", StringComparison.Ordinal) => StatusCodes.Status500InternalServerError,
        _ => StatusCodes.Status400BadRequest,
    };

    private static Task WriteAsync(HttpContext context, int status, Problem problem)
    {
        context.Response.Clear();
        context.Response.StatusCode = status;
        var details = new ProblemDetails { Status = status, Title = problem.Message, Type = $"urn:aia:{problem.Code}" };
        details.Extensions["code"] = problem.Code;
        if (problem.Where is { } where)
        {
            details.Extensions["where"] = where;
        }

        return context.Response.WriteAsJsonAsync(details, options: null, contentType: "application/problem+json", context.RequestAborted);
    }
}
