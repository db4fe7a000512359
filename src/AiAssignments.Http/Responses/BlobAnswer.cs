using System.IO.Compression;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Storage;

namespace AiAssignments.Http.Responses;

/// <summary>A blob as the answer: whole (coded where the caller takes it and it is worth it) or one range of it (RFC 9110, 14), with a strong entity tag.</summary>
/// <param name="blobs">Where it lies.</param>
/// <param name="blob">Its facts.</param>
/// <param name="contentType">Its media type.</param>
internal sealed class BlobAnswer(IBlobStore blobs, BlobFacts blob, string contentType) : IResult
{
    /// <summary>Policy for a page.</summary>
    public string? ContentSecurityPolicy { get; init; }

    /// <summary>Name to save it under; <c>null</c> for what a browser shows.</summary>
    public string? SaveAs { get; init; }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var (request, response) = (httpContext.Request, httpContext.Response);
        var headers = response.Headers;
        var tag = EntityTags.OfContent(System.Text.Encoding.UTF8.GetBytes(blob.ETag));
        var range = ByteRange.Of(request, blob, tag);
        var coding = range is null && blob.Length >= ContentCoding.Least && ContentCoding.IsWorthwhile(contentType) ? ContentCoding.Choose(request) : null;
        headers.ETag = EntityTags.Quote(tag, coding);
        headers.LastModified = blob.LastModified.ToString("R");
        headers.CacheControl = "private, no-cache";
        headers.AcceptRanges = "bytes";
        headers.Vary = "Accept-Encoding";
        if (EntityTags.IsKnown(request, tag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        if (range is { Length: 0 })
        {
            headers.ContentRange = $"bytes */{blob.Length}";
            throw new ProblemException("range-unsatisfiable", $"The file has {blob.Length} bytes; the range lies outside of it.", "Range");
        }

        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.ContentDisposition = SaveAs is null ? null : $"attachment; filename=\"{SaveAs}\"";
        headers.ContentEncoding = coding;
        response.ContentType = contentType;
        response.StatusCode = range is null ? StatusCodes.Status200OK : StatusCodes.Status206PartialContent;
        headers.ContentRange = range is { } part ? $"bytes {part.First}-{part.First + part.Length - 1}/{blob.Length}" : null;
        response.ContentLength = coding is not null ? null : range?.Length ?? blob.Length;
        if (!HttpMethods.IsHead(request.Method))
        {
            await SendAsync(response, range, coding, httpContext.RequestAborted).ConfigureAwait(false);
        }
    }

    private async Task SendAsync(HttpResponse response, ByteRange? range, string? coding, CancellationToken cancellationToken)
    {
        var source = await blobs.OpenReadAsync(blob.Path, range?.First ?? 0, range?.Length ?? blob.Length, cancellationToken).ConfigureAwait(false);
        await using (source.ConfigureAwait(false))
        {
            if (coding is null)
            {
                await source.CopyToAsync(response.Body, cancellationToken).ConfigureAwait(false);
                return;
            }

            var target = ContentCoding.Open(response.Body, coding, CompressionLevel.Fastest);
            await using (target.ConfigureAwait(false))
            {
                await source.CopyToAsync(target, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
