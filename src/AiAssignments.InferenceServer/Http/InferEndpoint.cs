using System.Buffers;
using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using AiAssignments.Core.Errors;
using AiAssignments.Http.Predicting;
using AiAssignments.Inference.Protocol;
using AiAssignments.Inference.Protocol.Requests;
using AiAssignments.Inference.Protocol.Responses;
using AiAssignments.Inference.Protocol.Wire;
using AiAssignments.InferenceServer.Hosting;
using AiAssignments.Pipeline.Operations;
using Microsoft.Net.Http.Headers;

namespace AiAssignments.InferenceServer.Http;

/// <summary>
/// <c>POST /v2/models/{name}[/versions/{version}]/infer</c>. With <c>?profile=memory</c>, of this project only, the answer's header <c>Memory-Profile</c> tells as JSON
/// what the call did to the memory of the server; the body stays the protocol's.
/// </summary>
internal static class InferEndpoint
{
    /// <summary>The header, and of gRPC the trailer, that tells a profile.</summary>
    public const string MemoryProfileHeader = "Memory-Profile";

    private const string HeaderLength = "Inference-Header-Content-Length";
    private const int LeastToCompress = 1024;

    public static async Task RunAsync(HttpContext context)
    {
        var limits = context.RequestServices.GetRequiredService<ProtocolLimits>();
        var protocol = context.RequestServices.GetRequiredService<InferenceProtocol>();
        var headerLength = ReadHeaderLength(context.Request);
        var body = await RequestBody.ReadAsync(context.Request, limits.BodyBytes, context.RequestAborted).ConfigureAwait(false);
        var request = InferRequestReader.Read(body.Bytes, headerLength, limits);
        var (name, version) = ModelEndpoints.Named(context);
        Task<InferResponse> InferAsync() => protocol.InferAsync(name, version, request, context.RequestAborted);
        InferResponse response;
        if (ProfiledCall.IsWished(context))
        {
            (response, var memory) = await ProfiledCall.RunAsync(InferAsync, context.RequestAborted).ConfigureAwait(false);
            context.Response.Headers[MemoryProfileHeader] = JsonSerializer.Serialize(memory, OperationsMonitor.Json);
        }
        else
        {
            response = await InferAsync().ConfigureAwait(false);
        }

        await WriteAsync(context, response).ConfigureAwait(false);
        response.Dispose();
        body.Return();
    }

    private static int? ReadHeaderLength(HttpRequest request)
    {
        if (!request.Headers.TryGetValue(HeaderLength, out var said))
        {
            return null;
        }

        return int.TryParse(said.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            ? length
            : throw new ProblemException("request-invalid", "It must be a whole number of bytes.", HeaderLength);
    }

    private static async Task WriteAsync(HttpContext context, InferResponse answer)
    {
        var header = new ArrayBufferWriter<byte>(1024);
        InferResponseWriter.WriteHeader(answer, header);
        var binary = answer.Outputs.Where(output => output.Binary).Select(output => output.Tensor.Data).ToList();
        var length = header.WrittenCount + binary.Sum(data => (long)data.Length);
        var response = context.Response;
        response.Headers[ServerTiming.Header] = ServerTiming.Of(answer.Timing);
        response.ContentType = binary.Count > 0 ? "application/octet-stream" : "application/json";
        if (binary.Count > 0)
        {
            response.Headers[HeaderLength] = header.WrittenCount.ToString(CultureInfo.InvariantCulture);
        }

        var encoding = length < LeastToCompress ? null : Encoding(context.Request);
        if (encoding is not null)
        {
            response.Headers.ContentEncoding = encoding;
            Stream compressed = encoding == "gzip" ? new GZipStream(response.Body, CompressionLevel.Fastest, leaveOpen: true) : new ZLibStream(response.Body, CompressionLevel.Fastest, leaveOpen: true);
            await using (compressed.ConfigureAwait(false))
            {
                await compressed.WriteAsync(header.WrittenMemory, context.RequestAborted).ConfigureAwait(false);
                foreach (var data in binary)
                {
                    await compressed.WriteAsync(data, context.RequestAborted).ConfigureAwait(false);
                }
            }

            return;
        }

        response.ContentLength = length;
        var writer = response.BodyWriter;
        writer.Write(header.WrittenSpan);
        foreach (var data in binary)
        {
            await writer.WriteAsync(data, context.RequestAborted).ConfigureAwait(false);
        }

        await writer.FlushAsync(context.RequestAborted).ConfigureAwait(false);
    }

    // The first of the two that the caller takes; q=0 refuses.
    private static string? Encoding(HttpRequest request)
    {
        if (!StringWithQualityHeaderValue.TryParseList(request.Headers.AcceptEncoding, out var accepted))
        {
            return null;
        }

        return accepted.Where(each => each.Quality is not 0).OrderByDescending(each => each.Quality ?? 1).Select(each => each.Value.ToString())
            .FirstOrDefault(each => each is "gzip" or "deflate");
    }
}
