using System.Globalization;
using AiAssignments.Core.Errors;
using AiAssignments.InferenceServer.Hosting;
using AiAssignments.InferenceServer.Rpc;

namespace AiAssignments.InferenceServer.Http;

/// <summary>Shows a problem as the protocol has it: <c>{"error": "..."}</c>, with this project's stable code and place beside it.</summary>
internal sealed class ErrorMiddleware(RequestDelegate next, ILogger<ErrorMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context).ConfigureAwait(false);
        }
        catch (ProblemException refused) when (!context.Response.HasStarted)
        {
            if (ProblemStatus.IsOurs(refused.Problem.Code))
            {
                logger.LogError(refused, "{Method} {Path} failed", context.Request.Method, context.Request.Path);
            }

            await WriteAsync(context, ProblemStatus.Of(refused.Problem.Code).Http, refused.Problem, refused.RetryAfter).ConfigureAwait(false);
        }
        catch (BadHttpRequestException refused) when (!context.Response.HasStarted)
        {
            var tooLarge = refused.StatusCode == StatusCodes.Status413PayloadTooLarge;
            await WriteAsync(context, refused.StatusCode, new Problem(tooLarge ? "request-too-large" : "request-invalid", refused.Message), null).ConfigureAwait(false);
        }
        catch (Exception gone) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to read an answer.
            logger.LogDebug(gone, "{Path} was given up by its caller", context.Request.Path);
        }
        catch (Exception error) when (!context.Response.HasStarted)
        {
            logger.LogError(error, "{Method} {Path} failed", context.Request.Method, context.Request.Path);
            await WriteAsync(context, StatusCodes.Status500InternalServerError, new Problem("internal-error", "The server failed; its log says why."), null).ConfigureAwait(false);
        }
    }

    private static async Task WriteAsync(HttpContext context, int status, Problem problem, TimeSpan? retryAfter)
    {
        if (RpcProblem.IsCall(context.Request))
        {
            RpcProblem.Answer(context, problem, retryAfter);
            return;
        }

        context.Response.Clear();
        context.Response.StatusCode = status;
        if (status == StatusCodes.Status413PayloadTooLarge && context.Request.ContentLength > RequestBody.MostDrained)
        {
            context.Response.Headers.Connection = "close";
        }

        if (retryAfter is { } wait)
        {
            context.Response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            context.Response.Headers["Retry-After-Ms"] = ((long)Math.Ceiling(wait.TotalMilliseconds)).ToString(CultureInfo.InvariantCulture);
        }

        await JsonAnswer.WriteAsync(context, json =>
        {
            json.WriteStartObject();
            json.WriteString("error", problem.Where is { } where ? $"{where}: {problem.Message}" : problem.Message);
            json.WriteString("code", problem.Code);
            json.WriteEndObject();
        }).ConfigureAwait(false);
        if (status == StatusCodes.Status413PayloadTooLarge)
        {
            await RequestBody.DrainAsync(context.Request).ConfigureAwait(false);
        }
    }
}
