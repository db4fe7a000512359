using AiAssignments.Core.Errors;

namespace AiAssignments.Core.Workflows;

/// <summary>An activity (or a sub-workflow) failed for good.</summary>
/// <param name="activity">Its name.</param>
/// <param name="problem">Why.</param>
public sealed class ActivityFailedException(string activity, Problem problem) : Exception($"{activity}: {problem}")
{
    /// <summary>Its name.</summary>
    public string Activity => activity;

    /// <summary>Why: the problem it reported, or <c>internal-error</c>.</summary>
    public Problem Problem => problem;
}
