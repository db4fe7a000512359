using AiAssignments.Core.Models;
using AiAssignments.Onnx;
using AiAssignments.Optimization.Distillation;
using AiAssignments.Optimization.Training;

namespace AiAssignments.Pipeline.Optimizations.Distillation;

/// <summary>The student of a task: its inputs, its network, its card.</summary>
/// <typeparam name="TInput">What an example is to its network.</typeparam>
internal interface IStudent<TInput>
{
    /// <summary>Everything that the distiller needs.</summary>
    DistillationExamples<TInput> Examples { get; }

    /// <summary>Its tokenizer, for text tasks.</summary>
    TokenizerSpec? Tokenizer { get; }

    /// <summary>Its preprocessing, for images.</summary>
    ImagePreprocessing? Image { get; }

    /// <summary>The trained network as a graph.</summary>
    ModelProto ToOnnx(Network<TInput> network);

    /// <summary>Whether the scoring engine gives a record to the graph as one row, as training did: only then are the outputs the network's own.</summary>
    bool IsScoredWhole(int record);
}
