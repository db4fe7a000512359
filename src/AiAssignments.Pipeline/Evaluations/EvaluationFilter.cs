using AiAssignments.Core.Models;
using AiAssignments.Core.Workflows;

namespace AiAssignments.Pipeline.Evaluations;

/// <summary>Which evaluations are listed.</summary>
/// <param name="Status">Only in this state.</param>
/// <param name="Model">Only of this model, or of this version as <c>name@version</c>.</param>
/// <param name="DatasetId">Only of this dataset.</param>
/// <param name="Task">Only of models of this task.</param>
public sealed record EvaluationFilter(WorkflowStatus? Status, string? Model, string? DatasetId, ModelTask? Task);
