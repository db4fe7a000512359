using AiAssignments.Onnx;
using AiAssignments.Optimization.Graphs;

namespace AiAssignments.Optimization.Pruning;

/// <summary>
/// Where operators take weights, and over which axis of them they sum: <c>MatMul</c> (either factor), <c>Gemm</c> (second factor), <c>Conv</c> (input channels),
/// <c>ConvTranspose</c>, and tables of <c>Gather</c>, over which nothing is summed.
/// </summary>
internal static class WeightSlots
{
    /// <summary>Whether a node takes a weight at an input.</summary>
    public static bool Is(NodeProto node, int input, bool withTables) =>
        OnnxModel.Is(node, node.OpType) && node.OpType switch
        {
            "MatMul" => input is 0 or 1,
            "Gemm" or "Conv" or "ConvTranspose" => input == 1,
            "Gather" => withTables && input == 0,
            _ => false,
        };

    /// <summary>Axis of the input that is summed over; negative when there is none.</summary>
    public static int ReductionAxis(NodeProto node, int input, int rank) => node.OpType switch
    {
        "MatMul" => input == 0 ? rank - 1 : Math.Max(rank - 2, 0),
        "Gemm" => node.Whole("transB", 0) != 0 ? 1 : 0,
        "Conv" => 1,
        "ConvTranspose" => 0,
        _ => -1,
    };
}
