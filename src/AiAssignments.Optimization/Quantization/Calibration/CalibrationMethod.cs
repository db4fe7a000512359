namespace AiAssignments.Optimization.Quantization.Calibration;

/// <summary>How the range of an activation follows from what was seen.</summary>
public enum CalibrationMethod
{
    /// <summary>Smallest and largest value seen. No clipping; one outlier makes all steps coarse.</summary>
    MinMax,

    /// <summary>
    /// Smallest and largest value of each batch, averaged exponentially with weight 0.01 for the newest (Jacob et al. 2018, section 3.1, and the usual weight);
    /// the first batch starts the average.
    /// </summary>
    MovingAverage,

    /// <summary>The range that holds a given share of all values.</summary>
    Percentile,

    /// <summary>The clipping point that loses least information: smallest Kullback-Leibler divergence of the quantized distribution (Migacz, GTC 2017).</summary>
    Entropy,
}
