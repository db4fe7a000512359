using AiAssignments.Optimization.Quantization.Calibration;
using AiAssignments.Optimization.Quantization.Numerics;

namespace AiAssignments.Optimization.Quantization.Static;

/// <summary>How <see cref="StaticInt8Pass"/> quantizes.</summary>
public sealed record StaticInt8Options
{
    /// <summary>How ranges of activations follow from the calibration data. Default <see cref="CalibrationMethod.MinMax"/>.</summary>
    public CalibrationMethod Calibration { get; init; }

    /// <summary>Share of values inside the range, for <see cref="CalibrationMethod.Percentile"/>: above 50, at most 100. Default 99.99.</summary>
    public double Percentile { get; init; } = 99.99;

    /// <summary>Batches read at most. Default all.</summary>
    public int MostBatches { get; init; } = int.MaxValue;

    /// <summary>A weight scale for each output channel. Default true. Needs operator set 13, to which older graphs are raised where that changes nothing in them.</summary>
    public bool PerChannel { get; init; } = true;

    /// <summary>Whether weights use 7 bits. Default: where this processor needs it.</summary>
    public ReducedRange ReducedRange { get; init; } = ReducedRange.Auto;

    /// <summary>
    /// Leaves first layers in float: each Conv, Gemm or MatMul with constant weights that no other such node feeds, directly or through other nodes. A graph with
    /// several inputs can have several. Default false.
    /// </summary>
    public bool KeepFirst { get; init; }

    /// <summary>Leaves last layers in float: each Conv, Gemm or MatMul with constant weights that feeds no other such node. A graph with several outputs can have several. Default false.</summary>
    public bool KeepLast { get; init; }

    /// <summary>Which of Conv, Gemm and MatMul. Default all.</summary>
    public NodeSelection Nodes { get; init; } = NodeSelection.All;
}
