using AiAssignments.Core.Errors;
using AiAssignments.Core.Evaluations;
using AiAssignments.Pipeline.Optimizations;
using AiAssignments.Pipeline.Optimizations.Passes;

namespace AiAssignments.Http.Routes;

/// <summary>Body that starts an optimization: exactly one of the three passes.</summary>
/// <param name="Model">A model's name, for its active version, or <c>name@version</c>.</param>
/// <param name="GateDataset">Id of the dataset that decides.</param>
/// <param name="Quantize">Fewer bits a weight.</param>
/// <param name="Prune">Fewer weights.</param>
/// <param name="Distill">A small model that learns from this one.</param>
/// <param name="Gate">What may be lost; the defaults where absent.</param>
/// <param name="Options">How both versions are evaluated; the defaults where absent.</param>
internal sealed record StartOptimization(
    string Model,
    string GateDataset,
    QuantizeSpec? Quantize = null,
    PruneSpec? Prune = null,
    DistillSpec? Distill = null,
    GateOptions? Gate = null,
    EvaluationOptions? Options = null)
{
    /// <summary>The pass that was asked for.</summary>
    /// <exception cref="ProblemException"><c>option-invalid</c>: none or several.</exception>
    public PassSpec Pass() => new PassSpec?[] { Quantize, Prune, Distill }.OfType<PassSpec>().ToList() is [var one]
        ? one
        : throw new ProblemException("option-invalid", "The body must have exactly one of quantize, prune and distill.");
}
