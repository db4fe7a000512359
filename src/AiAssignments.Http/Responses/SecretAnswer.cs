namespace AiAssignments.Http.Responses;

/// <summary>A JSON answer that nobody may keep, and whose size is not to tell of its content.</summary>
/// <param name="content">The body.</param>
/// <param name="status">The status.</param>
/// <param name="location">Where it can be read again without its secret.</param>
internal sealed class SecretAnswer(byte[] content, int status, string? location) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = status;
        response.Headers.CacheControl = "no-store";
        response.ContentType = "application/json";
        response.ContentLength = content.Length;
        if (location is not null)
        {
            response.Headers.Location = location;
        }

        return HttpMethods.IsHead(httpContext.Request.Method) ? Task.CompletedTask : response.Body.WriteAsync(content, httpContext.RequestAborted).AsTask();
    }
}
