using AiAssignments.LoadTesting.Requests;

namespace AiAssignments.Bench.Steps;

/// <summary>Requests of another source, and a word when there have been enough of them.</summary>
internal sealed class CountedRequests(IRequestSource inner, int most, Action enough) : IRequestSource
{
    private int count;

    public LoadRequest At(long ordinal)
    {
        if (Interlocked.Increment(ref count) == most)
        {
            enough();
        }

        return inner.At(ordinal);
    }
}
