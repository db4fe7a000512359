namespace AiAssignments.Inference.Serving;

/// <summary>The outputs of one request. Disposing gives their memory to the requests that follow; the tensors must not be read after it.</summary>
/// <param name="Key">The version that answered.</param>
/// <param name="Outputs">In the order asked for.</param>
/// <param name="Timing">Where the time went.</param>
public sealed record ServedTensors(ModelKey Key, IReadOnlyList<Tensor> Outputs, ServeTiming Timing) : IDisposable
{
    /// <summary>What the outputs lie in, where it is pooled.</summary>
    internal RentedMemory? Memory { get; init; }

    /// <inheritdoc />
    public void Dispose() => Memory?.Dispose();
}
