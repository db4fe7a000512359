using AiAssignments.Core.Models;
using AiAssignments.Onnx;

namespace AiAssignments.Pipeline.Samples;

/// <summary>A trained model before it is written; its card's version is set then.</summary>
/// <param name="Graph">The graph.</param>
/// <param name="Card">The card.</param>
internal sealed record SampleModel(ModelProto Graph, ModelCard Card);
