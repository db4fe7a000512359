using System.Text.Json.Serialization;
using AiAssignments.Core.Evaluations;
using AiAssignments.Pipeline.Evaluations;
using AiAssignments.Pipeline.Optimizations.Passes;

namespace AiAssignments.Pipeline.Optimizations;

/// <summary>Input of the workflow <see cref="OptimizeModel"/>.</summary>
/// <param name="OptimizationId">Id of the optimization, which is the workflow's instance id too.</param>
/// <param name="Model">The version to optimize, as <c>name@version</c>.</param>
/// <param name="ModelHash">Its content hash.</param>
/// <param name="GateDatasetId">Id of the dataset that decides.</param>
/// <param name="GateDatasetHash">Its content hash.</param>
/// <param name="Pass">What is done.</param>
/// <param name="Gate">What may be lost.</param>
/// <param name="Options">How both versions are evaluated on the gate dataset; how other datasets of the pass are read, too.</param>
/// <param name="Width">Most shards under way at once; 1 or more.</param>
public sealed record OptimizationRequest(
    string OptimizationId,
    string Model,
    string ModelHash,
    string GateDatasetId,
    string GateDatasetHash,
    PassSpec Pass,
    GateOptions Gate,
    EvaluationOptions Options,
    int Width)
{
    /// <summary>For a person, for example <c>quantize of topic@1</c>.</summary>
    [JsonIgnore]
    public string Title => $"{Pass.Kind} of {Model}";

    /// <summary>The evaluation of a version on the gate dataset.</summary>
    /// <param name="reference">The version, as <c>name@version</c>.</param>
    /// <param name="contentHash">Its content hash.</param>
    internal EvaluationRequest EvaluationOf(string reference, string contentHash) =>
        new(EvaluationId.Of(contentHash, GateDatasetHash, Options), reference, GateDatasetId, Options, Width);

    /// <summary>The evaluation of the version to optimize.</summary>
    internal EvaluationRequest Before() => EvaluationOf(Model, ModelHash);
}
