using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using AiAssignments.Inference.Protocol.Requests;

namespace AiAssignments.Pipeline.Remote;

/// <summary>An inference request's body: the JSON header and then the tensors' bytes, written from where they lie.</summary>
internal sealed class TensorContent : HttpContent
{
    private readonly ReadOnlyMemory<byte> header;
    private readonly InferRequest request;

    public TensorContent(InferRequest request)
    {
        this.request = request;
        header = InferRequestWriter.WriteHeader(request);
        Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        Headers.Add("Inference-Header-Content-Length", header.Length.ToString(CultureInfo.InvariantCulture));
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(header, cancellationToken).ConfigureAwait(false);
        foreach (var input in request.Inputs)
        {
            await stream.WriteAsync(input.Data, cancellationToken).ConfigureAwait(false);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = header.Length + request.Inputs.Sum(input => (long)input.Data.Length);
        return true;
    }
}
