namespace AiAssignments.LoadTesting.Requests;

/// <summary>A request made for its number, so that no two need be the same (and no cache knows it).</summary>
/// <param name="make">Makes the request of a number; called by many threads at once.</param>
public sealed class MadeRequests(Func<long, LoadRequest> make) : IRequestSource
{
    /// <inheritdoc />
    public LoadRequest At(long ordinal) => make(ordinal);
}
