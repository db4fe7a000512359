using AiAssignments.Core.Errors;
using AiAssignments.Core.Workflows;

namespace AiAssignments.Pipeline.Evaluations;

/// <summary>The visible state of an evaluation.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Request">What was asked for.</param>
/// <param name="Status">Run state.</param>
/// <param name="CreatedAt">When it was accepted.</param>
/// <param name="UpdatedAt">When its state last changed.</param>
/// <param name="Progress">How far it has come.</param>
/// <param name="Outcome">Its result, when completed.</param>
/// <param name="Problem">Why it failed.</param>
public sealed record EvaluationJob(
    string Id,
    EvaluationRequest Request,
    WorkflowStatus Status,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    EvaluationStatus? Progress,
    EvaluationOutcome? Outcome,
    Problem? Problem);
