using System.Buffers;
using System.Text.Json;
using AiAssignments.Core.Errors;
using AiAssignments.Http.Serialization;

namespace AiAssignments.Http.Requests;

/// <summary>Reads a whole body within a limit.</summary>
public static class RequestBody
{
    /// <summary>The body's bytes, held by the request's reader: consume them with <see cref="Done"/> when they are used.</summary>
    /// <param name="request">The request.</param>
    /// <param name="limit">Most bytes.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="ProblemException"><c>request-too-large</c>, as soon as it is seen.</exception>
    public static async ValueTask<ReadOnlySequence<byte>> ReadAsync(HttpRequest request, long limit, CancellationToken cancellationToken)
    {
        if (request.ContentLength > limit)
        {
            throw TooLarge(limit);
        }

        var reader = request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            if (read.Buffer.Length > limit)
            {
                // Left as it is, so that the server sees that the rest is not read.
                reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                throw TooLarge(limit);
            }

            if (read.IsCompleted)
            {
                return read.Buffer;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    /// <summary>Gives the bytes back.</summary>
    /// <param name="request">The request.</param>
    /// <param name="body">What <see cref="ReadAsync"/> gave.</param>
    public static void Done(HttpRequest request, ReadOnlySequence<byte> body) => request.BodyReader.AdvanceTo(body.End);

    /// <summary>The body as bytes of one's own.</summary>
    /// <param name="request">The request.</param>
    /// <param name="limit">Most bytes.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="ProblemException"><c>request-too-large</c>.</exception>
    public static async ValueTask<byte[]> ReadBytesAsync(HttpRequest request, long limit, CancellationToken cancellationToken)
    {
        var body = await ReadAsync(request, limit, cancellationToken).ConfigureAwait(false);
        var bytes = body.ToArray();
        Done(request, body);
        return bytes;
    }

    /// <summary>The body as a JSON object of a known shape. Unknown, repeated and missing fields are refused.</summary>
    /// <typeparam name="T">The shape.</typeparam>
    /// <param name="body">The bytes.</param>
    /// <exception cref="ProblemException"><c>request-json-invalid</c>, with the place.</exception>
    public static T Parse<T>(ReadOnlySpan<byte> body)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(body, GatewayJson.Options) ?? throw new ProblemException("request-json-invalid", "The body is null; it must be a JSON object.");
        }
        catch (JsonException error)
        {
            throw Invalid(error);
        }
        catch (Exception error) when (error is InvalidOperationException or NotSupportedException)
        {
            throw new ProblemException(new Problem("request-json-invalid", "The body holds text that is not valid Unicode."), error);
        }
    }

    /// <summary>Refuses a body of another media type.</summary>
    /// <param name="request">The request.</param>
    /// <exception cref="ProblemException"><c>media-type-unsupported</c>.</exception>
    public static void RequireJson(HttpRequest request)
    {
        if (!request.HasJsonContentType())
        {
            throw new ProblemException("media-type-unsupported", "This route takes a body with Content-Type: application/json.");
        }
    }

    internal static ProblemException Invalid(JsonException error)
    {
        // The serializer's own sentence names our types; the place is what a caller needs.
        var where = (error.Path, error.LineNumber) switch
        {
            ({ Length: > 1 } path, { } line) => $"{path[..Math.Min(path.Length, 200)]}, line {line + 1}",
            (_, { } line) => $"line {line + 1}, byte {error.BytePositionInLine + 1}",
            _ => null,
        };
        return new ProblemException(new Problem("request-json-invalid", "The body is not JSON of this route's shape; /docs shows the shape.", where), error);
    }

    private static ProblemException TooLarge(long limit) => new("request-too-large", $"The body is larger than {limit:N0} bytes, the most that this route takes.");
}
