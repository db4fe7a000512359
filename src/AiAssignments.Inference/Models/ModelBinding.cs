using AiAssignments.Core.Models;
using DataType = AiAssignments.Onnx.TensorProto.Types.DataType;

namespace AiAssignments.Inference.Models;

/// <summary>How records are bound to a graph's inputs and output, found by name and shape.</summary>
/// <param name="Task">What the model does.</param>
/// <param name="Ids">Input of the token ids, or of the image.</param>
/// <param name="Mask">Input of the attention mask, when the graph has one.</param>
/// <param name="Types">Input of the token type ids, when the graph has one.</param>
/// <param name="IntegerType"><c>Int64</c> or <c>Int32</c>; of the text inputs.</param>
/// <param name="FixedBatch">Rows of a batch, when the graph fixes them.</param>
/// <param name="FixedLength">Ids of a row, when the graph fixes them.</param>
/// <param name="Output">The output that holds the logits.</param>
internal sealed record ModelBinding(
    ModelTask Task,
    string Ids,
    string? Mask,
    string? Types,
    DataType IntegerType,
    int? FixedBatch,
    int? FixedLength,
    string Output);
