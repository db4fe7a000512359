using AiAssignments.Core.Workflows;

namespace AiAssignments.Pipeline.Optimizations;

/// <summary>Which optimizations are listed.</summary>
/// <param name="Status">Only in this state.</param>
/// <param name="Model">Only of this model, or of this version as <c>name@version</c>.</param>
/// <param name="Accepted">Only ended ones that the gate accepted, or refused.</param>
public sealed record OptimizationFilter(WorkflowStatus? Status, string? Model, bool? Accepted);
