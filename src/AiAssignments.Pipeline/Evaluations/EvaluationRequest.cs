using AiAssignments.Core.Evaluations;

namespace AiAssignments.Pipeline.Evaluations;

/// <summary>Input of the workflow <see cref="EvaluateDataset"/>.</summary>
/// <param name="EvaluationId">Id of the evaluation, which is the workflow's instance id too.</param>
/// <param name="Model">Model version as <c>name@version</c>.</param>
/// <param name="DatasetId">Id of the dataset.</param>
/// <param name="Options">What decides the numbers.</param>
/// <param name="Width">Most shards under way at once; 1 or more.</param>
/// <param name="ProfileMemory">Whether the activities' memory is measured, for the report. Decides no number of it and makes no other evaluation.</param>
public sealed record EvaluationRequest(string EvaluationId, string Model, string DatasetId, EvaluationOptions Options, int Width, bool ProfileMemory = false);
