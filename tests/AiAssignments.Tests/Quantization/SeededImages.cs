using AiAssignments.Optimization.Quantization.Calibration;

namespace AiAssignments.Tests.Quantization;

/// <summary>Batches of normal numbers for one input.</summary>
internal sealed class SeededImages(string name, int batches, params long[] shape) : ICalibrationSource
{
    public async IAsyncEnumerable<CalibrationBatch> BatchesAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var batch = 0; batch < batches; batch++)
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            var count = (int)shape.Aggregate(1L, (product, size) => product * size);
            yield return new CalibrationBatch([new CalibrationTensor(name, TestGraphs.Normal(100 + batch, count, 1), shape)]);
        }
    }
}
