using AiAssignments.Core.Errors;

namespace AiAssignments.Local.Hosting;

/// <summary>Work on blobs outside of the data folder, which this process holds and can lose: a machine that slept for more than a minute finds them with another.</summary>
internal static class HeldStorage
{
    /// <summary>What a process says that stops because its blobs are another's.</summary>
    /// <param name="container">Name or address of the container.</param>
    public static Problem Lost(string? container) =>
        new("storage-in-use", "Another copy of this data folder has taken the container, as this one did not answer for a minute.", container);

    /// <summary>Does the work, and stops it when the blobs are lost. What it gave by then stays its result; what it fails with from then on is the loss.</summary>
    /// <param name="container">Name or address of the container.</param>
    /// <param name="work">The work; its token is cancelled by the loss, too.</param>
    /// <param name="lost">Cancelled when the blobs are another's.</param>
    /// <param name="cancellationToken">Stops the work. Where both come together, this is what counts.</param>
    /// <exception cref="ProblemException"><c>storage-in-use</c>: the blobs were lost.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static async Task<int> WhileAsync(string? container, Func<CancellationToken, Task<int>> work, CancellationToken lost, CancellationToken cancellationToken)
    {
        using var held = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lost);
        try
        {
            return await work(held.Token).ConfigureAwait(false);
        }
        catch (Exception consequence) when (lost.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new ProblemException(Lost(container), consequence);
        }
    }
}
