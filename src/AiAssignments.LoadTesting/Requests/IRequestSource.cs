namespace AiAssignments.LoadTesting.Requests;

/// <summary>What is sent. Called by many threads at once.</summary>
public interface IRequestSource
{
    /// <summary>The request of a number.</summary>
    /// <param name="ordinal">0-based, in the order in which requests are due.</param>
    LoadRequest At(long ordinal);
}
