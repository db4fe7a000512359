using System.Buffers;

namespace AiAssignments.Inference.Serving;

/// <summary>Arrays of the shared pool that an answer's tensors lie in, given back together and once. Who forgets to has lost nothing: the collector takes them.</summary>
/// <param name="arrays">Rented from <see cref="ArrayPool{T}.Shared"/>; nobody else gives them back.</param>
internal sealed class RentedMemory(IReadOnlyList<byte[]> arrays) : IDisposable
{
    private IReadOnlyList<byte[]>? held = arrays;

    public void Dispose()
    {
        foreach (var array in Interlocked.Exchange(ref held, null) ?? [])
        {
            ArrayPool<byte>.Shared.Return(array);
        }
    }
}
