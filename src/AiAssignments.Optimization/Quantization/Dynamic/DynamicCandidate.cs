using AiAssignments.Onnx;
using AiAssignments.Optimization.Graphs;

namespace AiAssignments.Optimization.Quantization.Dynamic;

/// <summary>A node that can be quantized.</summary>
internal sealed record DynamicCandidate(GraphScope Scope, NodeProto Node, ConstantValue Weight)
{
    public string Label => Node.Label();

    public bool IsGather => OnnxModel.Is(Node, "Gather");

    /// <summary>Whether the constant must be turned to be [inputs, outputs].</summary>
    public bool IsTurned => OnnxModel.Is(Node, "Gemm") && Node.Whole("transB", 0) != 0;

    /// <summary>Whether the node reads the stored tensor turned, by a Transpose before it or by itself.</summary>
    public bool IsReadTurned => Weight.IsTransposed ^ IsTurned;
}
