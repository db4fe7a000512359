using AiAssignments.Core.Errors;
using AiAssignments.Core.Workflows;

namespace AiAssignments.Embedded.Workflows;

/// <summary>Turns what code threw into the problem that is journaled and shown.</summary>
internal static class Problems
{
    public static Problem Of(Exception exception) => exception switch
    {
        ProblemException problem => problem.Problem,
        ActivityFailedException failed => failed.Problem,

        // The type and its message, never a stack trace.
        _ => new Problem("internal-error", $"{exception.GetType().Name}: {exception.Message}"),
    };
}
