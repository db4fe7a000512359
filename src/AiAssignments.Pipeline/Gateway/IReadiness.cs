namespace AiAssignments.Pipeline.Gateway;

/// <summary>Something that must be ready before the process takes work.</summary>
public interface IReadiness
{
    /// <summary>A sentence that says what is waited for; <c>null</c> when nothing is. Answered at once.</summary>
    string? Waiting { get; }
}
