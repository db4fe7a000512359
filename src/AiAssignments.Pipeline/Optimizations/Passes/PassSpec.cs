using System.Text.Json.Serialization;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Models;

namespace AiAssignments.Pipeline.Optimizations.Passes;

/// <summary>What an optimization does to a model, as it is asked for: part of its id.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(QuantizeSpec), "quantize")]
[JsonDerivedType(typeof(PruneSpec), "prune")]
[JsonDerivedType(typeof(DistillSpec), "distill")]
public abstract record PassSpec
{
    /// <summary><c>quantize</c>, <c>prune</c> or <c>distill</c>.</summary>
    internal abstract string Kind { get; }

    /// <summary>The dataset that the pass itself looks at, beside the gate's; <c>null</c> when it needs none.</summary>
    internal abstract string? OwnDatasetId { get; }

    /// <summary>The options that make a difference, in one line, for the card.</summary>
    internal abstract string Describe();

    /// <summary>Refuses values out of range and options that say nothing to each other, before anything is started.</summary>
    /// <param name="task">The model's task.</param>
    /// <exception cref="ProblemException"><c>option-out-of-range</c>, <c>option-invalid</c>.</exception>
    internal abstract void Check(ModelTask task);
}
