using AiAssignments.Inference.Serving;

namespace AiAssignments.Inference.Protocol.Responses;

/// <summary>The answer to an inference request, whichever way it goes. Disposing gives the outputs' memory to the requests that follow: once it is written, not before.</summary>
/// <param name="Model">The version that answered.</param>
/// <param name="Id">The request's id; empty for none.</param>
/// <param name="Outputs">In the order asked for.</param>
/// <param name="Timing">Where the time went.</param>
public sealed record InferResponse(ModelKey Model, string Id, IReadOnlyList<InferOutput> Outputs, ServeTiming Timing) : IDisposable
{
    /// <summary>What the outputs lie in, where it is pooled.</summary>
    internal RentedMemory? Memory { get; init; }

    /// <inheritdoc />
    public void Dispose() => Memory?.Dispose();
}

/// <summary>One output.</summary>
/// <param name="Tensor">Its tensor; <c>BYTES</c> has <see cref="Wire.BytesTensor"/>'s form.</param>
/// <param name="Binary">Whether it goes behind the JSON header. Without meaning over gRPC.</param>
public sealed record InferOutput(Tensor Tensor, bool Binary);
