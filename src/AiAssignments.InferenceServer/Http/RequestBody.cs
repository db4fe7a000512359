using System.Buffers;
using System.IO.Compression;
using AiAssignments.Core.Errors;
using Microsoft.AspNetCore.Http.Features;

namespace AiAssignments.InferenceServer.Http;

/// <summary>
/// A request's body in one piece of pooled memory. The memory grows with what arrives, not with what a header promises, and never past the limit,
/// compressed or not.
/// </summary>
internal sealed class RequestBody
{
    /// <summary>Most bytes that are read of a body after it was refused.</summary>
    public const long MostDrained = 1L << 30;

    private const int FirstBytes = 1 << 20;
    private static readonly TimeSpan LongestDrain = TimeSpan.FromSeconds(15);
    private byte[] buffer;

    private RequestBody(byte[] buffer) => this.buffer = buffer;

    /// <summary>The body, decompressed.</summary>
    public ReadOnlyMemory<byte> Bytes { get; private set; }

    /// <summary>Reads a body.</summary>
    /// <param name="request">The request.</param>
    /// <param name="limit">Most bytes, after decompression.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="ProblemException"><c>request-too-large</c>, <c>encoding-unsupported</c>, <c>encoding-invalid</c>.</exception>
    public static async Task<RequestBody> ReadAsync(HttpRequest request, int limit, CancellationToken cancellationToken)
    {
        // This limit holds; the listener's own would also forbid reading what is left of a refused body.
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }

        if (request.ContentLength > limit)
        {
            throw TooLarge(limit);
        }

        var encoding = request.Headers.ContentEncoding.ToString();
        var stream = encoding switch
        {
            "" or "identity" => request.Body,
            "gzip" => new GZipStream(request.Body, CompressionMode.Decompress),
            "deflate" => new ZLibStream(request.Body, CompressionMode.Decompress),
            _ => throw new ProblemException("encoding-unsupported", "The Content-Encoding must be gzip, deflate or identity.", "Content-Encoding"),
        };
        var first = stream == request.Body ? (int)Math.Min(request.ContentLength + 1 ?? 65_536, FirstBytes) : 65_536;
        var body = new RequestBody(ArrayPool<byte>.Shared.Rent(first));
        try
        {
            await body.FillAsync(stream, limit, cancellationToken).ConfigureAwait(false);
            return body;
        }
        catch (InvalidDataException broken)
        {
            body.Return();
            throw new ProblemException(new Problem("encoding-invalid", $"The body is no valid {encoding}.", "Content-Encoding"), broken);
        }
        catch
        {
            body.Return();
            throw;
        }
        finally
        {
            if (stream != request.Body)
            {
                await stream.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    /// <summary>
    /// Reads what is left of a refused body and lets go of it, up to a bound of bytes and of time. A client that sends all before it reads would otherwise find the
    /// connection broken, and never see the answer.
    /// </summary>
    /// <param name="request">The request; it was answered.</param>
    public static async Task DrainAsync(HttpRequest request)
    {
        // Who waits to be told to go on has sent nothing.
        if (request.Headers.Expect.Count > 0)
        {
            return;
        }

        using var late = CancellationTokenSource.CreateLinkedTokenSource(request.HttpContext.RequestAborted);
        late.CancelAfter(LongestDrain);
        var rest = ArrayPool<byte>.Shared.Rent(65_536);
        try
        {
            for (var read = 0L; read < MostDrained;)
            {
                var more = await request.Body.ReadAsync(rest, late.Token).ConfigureAwait(false);
                if (more == 0)
                {
                    return;
                }

                read += more;
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or IOException)
        {
            // The caller went away, is too slow, or sends no end: the connection is closed.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rest);
        }
    }

    /// <summary>Gives the memory back. Only when nothing can refer to it any more: not after an inference that was given up, whose batch may still be running.</summary>
    public void Return()
    {
        Bytes = default;
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = [];
    }

    private static ProblemException TooLarge(int limit) => new("request-too-large", $"The request is larger than {limit} bytes, the limit of this server (--body-limit).");

    private async Task FillAsync(Stream stream, int limit, CancellationToken cancellationToken)
    {
        var length = 0;
        while (true)
        {
            if (length == buffer.Length)
            {
                Grow(length);
            }

            var read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                Bytes = buffer.AsMemory(0, length);
                return;
            }

            length += read;
            if (length > limit)
            {
                throw TooLarge(limit);
            }
        }
    }

    private void Grow(int length)
    {
        var larger = ArrayPool<byte>.Shared.Rent(length * 2);
        buffer.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }
}
