using AiAssignments.Core.Evaluations;
using AiAssignments.Core.Models;

namespace AiAssignments.Evaluation.Metrics.Shards;

/// <summary>What all shards of an evaluation have in common.</summary>
/// <param name="Task">The task.</param>
/// <param name="Labels">Label names in the model's order; for a tagging, its tags.</param>
/// <param name="SliceColumns">Names of the slice columns.</param>
/// <param name="Options">The evaluation's options.</param>
public sealed record EvaluationShape(ModelTask Task, IReadOnlyList<string> Labels, IReadOnlyList<string> SliceColumns, EvaluationOptions Options);
