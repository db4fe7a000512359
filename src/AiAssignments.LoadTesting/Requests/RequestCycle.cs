namespace AiAssignments.LoadTesting.Requests;

/// <summary>Some requests, one after the other, and again from the start.</summary>
/// <param name="requests">One or more.</param>
public sealed class RequestCycle(IReadOnlyList<LoadRequest> requests) : IRequestSource
{
    /// <summary>The same request each time.</summary>
    /// <param name="request">The request.</param>
    public RequestCycle(LoadRequest request)
        : this([request])
    {
    }

    /// <inheritdoc />
    public LoadRequest At(long ordinal) => requests[(int)(ordinal % requests.Count)];
}
