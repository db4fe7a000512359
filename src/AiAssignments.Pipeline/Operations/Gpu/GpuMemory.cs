namespace AiAssignments.Pipeline.Operations.Gpu;

/// <summary>Memory of a GPU.</summary>
public static class GpuMemory
{
    private const double Share = 0.6;

    /// <summary>What models may take of a GPU's memory, bytes: 60 %, since a run's activations lie beside the weights. 0 when its driver does not tell.</summary>
    /// <param name="device">Ordinal of the GPU, as CUDA counts; the driver counts alike unless <c>CUDA_DEVICE_ORDER</c> or <c>CUDA_VISIBLE_DEVICES</c> says otherwise.</param>
    public static long ShareOf(int device) =>
        GpuReader.TryOpen()?.Read().ElementAtOrDefault(device) is { MemoryLimitBytes: { } bytes } ? (long)(bytes * Share) : 0;
}
