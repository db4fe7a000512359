using AiAssignments.Core.Errors;
using AiAssignments.Core.Models;
using AiAssignments.Evaluation.Results;
using AiAssignments.Inference.Models;
using AiAssignments.Optimization.Passes;

namespace AiAssignments.Pipeline.Optimizations.Passes;

/// <summary>Makes the folder of a new model version from an old one.</summary>
internal interface IModelPass
{
    /// <summary>What the lineage says, for example <c>quantize:dynamic-int8</c>.</summary>
    string Name { get; }

    /// <summary>Writes the version's files, the card among them, into an empty folder.</summary>
    /// <param name="source">The version to start from.</param>
    /// <param name="version">The version to be.</param>
    /// <param name="folder">An empty folder.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="ProblemException">The pass cannot do its work on this model, and why.</exception>
    Task<ModelPassResult> RunAsync(ModelPackage source, PassTarget version, string folder, IProgress<PassProgress> progress, CancellationToken cancellationToken);
}

/// <summary>The version that a pass makes.</summary>
/// <param name="Version">Its version.</param>
/// <param name="DerivedFrom">What it is made from, as <c>name@version</c>.</param>
/// <param name="Options">The pass's options, for the card.</param>
/// <param name="GateDataset">Content hash of the dataset that it will be judged on.</param>
internal sealed record PassTarget(string Version, string DerivedFrom, string Options, string GateDataset)
{
    /// <summary>What the card says of it.</summary>
    public ModelLineage LineageOf(string pass) => new(DerivedFrom, pass, Options.Length == 0 ? null : Options, GateDataset);
}

/// <summary>What a pass has to say for the report.</summary>
/// <param name="Facts">Numbers.</param>
/// <param name="Notes">Sentences.</param>
/// <param name="Learning">For a trained version: how it learned.</param>
internal sealed record ModelPassResult(IReadOnlyList<OptimizationFact> Facts, IReadOnlyList<string> Notes, IReadOnlyList<LearningPoint>? Learning = null);
