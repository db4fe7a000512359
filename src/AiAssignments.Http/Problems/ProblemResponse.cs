using System.Globalization;
using System.Text.Json;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Storage;
using AiAssignments.Http.Access;

namespace AiAssignments.Http.Problems;

/// <summary>Shows a problem as RFC 9457 problem details.</summary>
public static class ProblemResponse
{
    /// <summary>The status that a problem's code stands for.</summary>
    /// <param name="code">The code.</param>
    public static int StatusOf(string code) => code switch
    {
        "model-version-exists" or "model-version-not-accepted" => StatusCodes.Status409Conflict,
        "request-timeout" => StatusCodes.Status408RequestTimeout,
        "upload-expired" => StatusCodes.Status410Gone,
        "upload-locked" => StatusCodes.Status423Locked,

        // tus 1.0.0, checksum extension.
        "checksum-mismatch" => 460,
        "idempotency-key-conflict" => StatusCodes.Status422UnprocessableEntity,
        "method-not-allowed" => StatusCodes.Status405MethodNotAllowed,
        "media-type-unsupported" => StatusCodes.Status415UnsupportedMediaType,
        "range-unsatisfiable" => StatusCodes.Status416RangeNotSatisfiable,
        _ when code.EndsWith("-not-found", StringComparison.Ordinal) => StatusCodes.Status404NotFound,
        _ when code.EndsWith("-conflict", StringComparison.Ordinal) || code.EndsWith("-ambiguous", StringComparison.Ordinal) => StatusCodes.Status409Conflict,
        "request-unauthenticated" => StatusCodes.Status401Unauthorized,
        "request-forbidden" => StatusCodes.Status403Forbidden,
        "queue-full" or "rate-limited" => StatusCodes.Status429TooManyRequests,
        "request-too-large" => StatusCodes.Status413PayloadTooLarge,
        "deadline-exceeded" => StatusCodes.Status504GatewayTimeout,
        "precondition-failed" => StatusCodes.Status412PreconditionFailed,
        "storage-full" => StatusCodes.Status507InsufficientStorage,
        "storage-locked" or "storage-busy" or "storage-unreachable" or "storage-unavailable" or "engine-stopped" or "model-draining" or "model-unloaded" or "model-memory-full" or "server-unavailable" or "progress-unavailable" or "not-ready" or "authentication-unavailable" => StatusCodes.Status503ServiceUnavailable,
        "server-answer-invalid" => StatusCodes.Status502BadGateway,
        "internal-error" or "inference-failed" or "document-unreadable" => StatusCodes.Status500InternalServerError,
        _ when code.StartsWith("storage-", StringComparison.Ordinal) => StatusCodes.Status500InternalServerError,
        _ => StatusCodes.Status400BadRequest,
    };

    /// <summary>The problem behind an exception; <c>null</c> when the server is at fault, or nobody waits for an answer.</summary>
    /// <param name="error">What was thrown.</param>
    /// <param name="context">The request that it was thrown for.</param>
    public static ProblemException? Explain(Exception error, HttpContext context) => error switch
    {
        ProblemException { Problem.Code: "storage-locked" or "storage-busy" or "storage-unreachable", RetryAfter: null } passing => new ProblemException(passing.Problem, passing) { RetryAfter = TimeSpan.FromSeconds(1) },
        ProblemException refused => refused,
        StorageFaultException passing => new ProblemException(new Problem("storage-busy", "The storage does not answer just now; ask again."), passing) { RetryAfter = passing.RetryAfter },
        OperationCanceledException when context.Features.Get<AnswerDeadline>()?.Take(context) is { } late => late,
        BadHttpRequestException { StatusCode: StatusCodes.Status408RequestTimeout } => new ProblemException("request-timeout", "The body came too slowly."),
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => new ProblemException("request-too-large", "The body is larger than this route takes."),
        BadHttpRequestException bad when !context.RequestAborted.IsCancellationRequested => new ProblemException("request-invalid", bad.Message),
        _ => null,
    };

    /// <summary>Writes a problem as the answer, with <c>Retry-After</c> (whole seconds, rounded up) where it passes. Whatever was prepared before is dropped, but headers that hold for every answer stay.</summary>
    /// <param name="context">The request; its answer has not begun.</param>
    /// <param name="refused">The problem.</param>
    public static Task WriteAsync(HttpContext context, ProblemException refused)
    {
        var response = context.Response;
        var problem = refused.Problem;
        response.StatusCode = StatusOf(problem.Code);
        Forget(response);
        if (refused.RetryAfter is { } wait)
        {
            response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        var body = Body(response.StatusCode, problem);
        response.ContentType = "application/problem+json";
        response.ContentLength = body.Length;
        response.Headers.CacheControl = "no-store";
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }

    private static void Forget(HttpResponse response)
    {
        var headers = response.Headers;
        headers.ETag = default;
        headers.LastModified = default;
        headers.ContentEncoding = default;
        headers.ContentDisposition = default;
        headers.Location = default;
        headers.ContentSecurityPolicy = default;
        if (response.StatusCode != StatusCodes.Status416RangeNotSatisfiable)
        {
            headers.ContentRange = default;
        }
    }

    private static byte[] Body(int status, Problem problem)
    {
        using var buffer = new MemoryStream(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("status", status);
            json.WriteString("title", problem.Message);
            json.WriteString("type", $"urn:aia:{problem.Code}");
            json.WriteString("code", problem.Code);
            if (problem.Where is { } where)
            {
                json.WriteString("where", where);
            }

            json.WriteEndObject();
        }

        return buffer.ToArray();
    }
}
