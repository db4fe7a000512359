using AiAssignments.Evaluation.Results;

namespace AiAssignments.Evaluation.Metrics.Shards;

/// <summary>What a result says beside its numbers.</summary>
/// <param name="EvaluationId">Id of the evaluation.</param>
/// <param name="Model">The model.</param>
/// <param name="Dataset">The dataset.</param>
/// <param name="Machine">The machine.</param>
/// <param name="StartedAt">When it was started.</param>
/// <param name="FinishedAt">When it was finished.</param>
public sealed record EvaluationFacts(
    string EvaluationId,
    ModelFacts Model,
    DatasetFacts Dataset,
    MachineFacts Machine,
    DateTimeOffset StartedAt,
    DateTimeOffset FinishedAt);
