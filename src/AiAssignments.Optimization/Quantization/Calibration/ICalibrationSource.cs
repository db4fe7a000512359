namespace AiAssignments.Optimization.Quantization.Calibration;

/// <summary>Inputs that stand for what the model will see: a few hundred records are usually enough.</summary>
public interface ICalibrationSource
{
    /// <summary>The batches; the same ones in the same order each time it is called, which may be several times.</summary>
    /// <param name="cancellationToken">Stops the reading.</param>
    IAsyncEnumerable<CalibrationBatch> BatchesAsync(CancellationToken cancellationToken);
}
