using AiAssignments.Http.Responses;

namespace AiAssignments.Http.Pages;

/// <summary>A file of a page as the answer.</summary>
/// <param name="file">The file.</param>
/// <param name="forever">Its name is fingerprinted: a browser or a CDN may hold it for a year without asking again.</param>
/// <param name="policy">Content security policy; <c>null</c> for what is not a page.</param>
internal sealed class PageAnswer(BundledFile file, bool forever, string? policy) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var (request, response) = (httpContext.Request, httpContext.Response);
        var (content, coding) = file.In(ContentCoding.Choose(request));
        var headers = response.Headers;
        headers.ETag = EntityTags.Quote(file.Tag, coding);
        headers.CacheControl = forever ? "public, max-age=31536000, immutable" : "no-cache";
        headers.Vary = "Accept-Encoding";
        headers.ContentSecurityPolicy = policy;
        if (EntityTags.IsKnown(request, file.Tag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        headers.ContentEncoding = coding;
        response.ContentType = file.ContentType;
        response.ContentLength = content.Length;
        return HttpMethods.IsHead(request.Method) ? Task.CompletedTask : response.Body.WriteAsync(content, httpContext.RequestAborted).AsTask();
    }
}
