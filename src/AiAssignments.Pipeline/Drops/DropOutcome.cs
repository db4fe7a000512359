using AiAssignments.Core.Errors;
using AiAssignments.Core.Models;
using AiAssignments.Pipeline.Datasets;

namespace AiAssignments.Pipeline.Drops;

/// <summary>What became of a dropped dataset.</summary>
/// <param name="Dataset">The registered dataset.</param>
/// <param name="Task">The task it was recognized for.</param>
/// <param name="Evaluations">Ids of its evaluations, new or known.</param>
/// <param name="Skipped">Active models of its task that it was not scored with, and why.</param>
/// <param name="Stopped">Evaluations that a user cancelled or deleted before, and that are left so.</param>
public sealed record DropOutcome(Dataset Dataset, ModelTask Task, IReadOnlyList<string> Evaluations, IReadOnlyList<SkippedModel> Skipped, int Stopped);

/// <summary>A model that a dropped dataset was not scored with.</summary>
/// <param name="Model">The version as <c>name@version</c>.</param>
/// <param name="Reason">Why.</param>
public sealed record SkippedModel(string Model, Problem Reason);
