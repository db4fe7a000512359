using AiAssignments.Core.Jobs;

namespace AiAssignments.Embedded.Live;

/// <summary>Tells several publishers, for example the terminal and the sockets.</summary>
/// <param name="publishers">Told in this order.</param>
internal sealed class ProgressFanOut(params IReadOnlyList<IProgressPublisher> publishers) : IProgressPublisher
{
    /// <inheritdoc />
    public void Publish(JobProgress progress)
    {
        foreach (var publisher in publishers)
        {
            publisher.Publish(progress);
        }
    }
}
