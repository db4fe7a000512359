using AiAssignments.Core.Jobs;

namespace AiAssignments.Embedded.Live;

/// <summary>The last state of jobs of several kinds.</summary>
/// <param name="sources">Asked in this order.</param>
internal sealed class JournalProgress(params IReadOnlyList<IProgressSource> sources) : IProgressSource
{
    /// <inheritdoc />
    public async Task<KnownProgress?> FindAsync(string jobId, CancellationToken cancellationToken)
    {
        foreach (var source in sources)
        {
            if (await source.FindAsync(jobId, cancellationToken).ConfigureAwait(false) is { } known)
            {
                return known;
            }
        }

        return null;
    }
}
