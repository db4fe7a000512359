using AiAssignments.Core.Errors;
using AiAssignments.Core.Workflows;

namespace AiAssignments.Pipeline.Optimizations;

/// <summary>The visible state of an optimization.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Request">What was asked for.</param>
/// <param name="Status">Run state.</param>
/// <param name="CreatedAt">When it was accepted.</param>
/// <param name="UpdatedAt">When its state last changed.</param>
/// <param name="Progress">How far it has come.</param>
/// <param name="Outcome">Its result, when completed.</param>
/// <param name="Problem">Why it failed.</param>
public sealed record OptimizationJob(
    string Id,
    OptimizationRequest Request,
    WorkflowStatus Status,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    OptimizationStatus? Progress,
    OptimizationOutcome? Outcome,
    Problem? Problem);
