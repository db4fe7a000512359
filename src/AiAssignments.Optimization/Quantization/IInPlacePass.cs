using AiAssignments.Optimization.Graphs;
using AiAssignments.Optimization.Passes;

namespace AiAssignments.Optimization.Quantization;

/// <summary>A pass whose work can be done on a model in memory.</summary>
internal interface IInPlacePass
{
    /// <summary>Changes the model; the work folder takes scratch files.</summary>
    Task ChangeAsync(OnnxModel model, PassReport report, string workFolder, IProgress<PassProgress>? progress, CancellationToken cancellationToken);
}
