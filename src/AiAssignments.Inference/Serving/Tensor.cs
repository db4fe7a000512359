using DataType = AiAssignments.Onnx.TensorProto.Types.DataType;

namespace AiAssignments.Inference.Serving;

/// <summary>A tensor as it travels: little-endian elements, row-major.</summary>
/// <param name="Name">Name of the graph's input or output.</param>
/// <param name="Type">Element type, for example <c>Int64</c> or <c>Float</c>; strings are not taken.</param>
/// <param name="Shape">Dimensions, each 0 or more.</param>
/// <param name="Data">The elements' bytes; <c>product(Shape) x size(Type)</c> of them.</param>
public sealed record Tensor(string Name, DataType Type, IReadOnlyList<long> Shape, ReadOnlyMemory<byte> Data);
