using AiAssignments.Core.Errors;

namespace AiAssignments.Azure.Durable;

/// <summary>
/// A failure on its way through a history, which keeps of an exception little more than its message: so the message is the problem as JSON.
/// Thrown where an activity or an orchestration ends, and by <see cref="IDurableContext"/> where its caller hears of it.
/// </summary>
public sealed class DurableCallException : Exception
{
    /// <summary>A failure as the history has it.</summary>
    /// <param name="message">The message that was thrown; a problem as JSON, or anything that an engine says.</param>
    public DurableCallException(string message)
        : base(message)
    {
    }

    /// <summary>A failure to be thrown into the history.</summary>
    /// <param name="problem">Why.</param>
    /// <param name="inner">The cause.</param>
    public DurableCallException(Problem problem, Exception? inner = null)
        : base(DurableJson.Text(problem), inner)
    {
    }

    /// <summary>Why it failed; what is no problem of ours is an <c>internal-error</c>.</summary>
    public Problem Problem => DurableJson.Problem(Message);
}
