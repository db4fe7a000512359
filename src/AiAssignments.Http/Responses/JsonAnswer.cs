using System.IO.Compression;
using System.Text.Json;
using AiAssignments.Http.Serialization;

namespace AiAssignments.Http.Responses;

/// <summary>A JSON answer: coded where the caller takes it, with an entity tag and <c>304</c> where it is read.</summary>
/// <param name="content">The body.</param>
/// <param name="status">The status.</param>
internal sealed class JsonAnswer(byte[] content, int status) : IResult
{
    private const string ContentType = "application/json";

    /// <summary>Where what was made can be read.</summary>
    public string? Location { get; init; }

    /// <summary>Whether it may be answered from the caller's own copy: a read of something, with status 200.</summary>
    public bool Tagged { get; init; }

    public byte[] Content => content;

    public int Status => status;

    public static JsonAnswer Of<T>(T value, int status = StatusCodes.Status200OK, string? location = null) =>
        new(JsonSerializer.SerializeToUtf8Bytes(value, GatewayJson.Options), status) { Location = location };

    public static JsonAnswer Read<T>(T value) => new(JsonSerializer.SerializeToUtf8Bytes(value, GatewayJson.Options), StatusCodes.Status200OK) { Tagged = true };

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var (request, response) = (httpContext.Request, httpContext.Response);
        var headers = response.Headers;
        headers.CacheControl = "private, no-cache";
        headers.Vary = "Accept-Encoding";
        var coding = content.Length >= ContentCoding.Least ? ContentCoding.Choose(request) : null;
        if (Tagged)
        {
            var tag = EntityTags.OfContent(content);
            headers.ETag = EntityTags.Quote(tag, coding);
            if (EntityTags.IsKnown(request, tag))
            {
                response.StatusCode = StatusCodes.Status304NotModified;
                return Task.CompletedTask;
            }
        }

        if (Location is not null)
        {
            headers.Location = Location;
        }

        var body = coding is null ? content : ContentCoding.Encode(content, coding, CompressionLevel.Fastest);
        response.StatusCode = status;
        headers.ContentEncoding = coding;
        response.ContentType = ContentType;
        response.ContentLength = body.Length;
        return HttpMethods.IsHead(request.Method) ? Task.CompletedTask : response.Body.WriteAsync(body, httpContext.RequestAborted).AsTask();
    }
}
