using AiAssignments.Core.Jobs;
using AiAssignments.Pipeline.Jobs;

namespace AiAssignments.Embedded.Live;

/// <summary>
/// Live progress of one embedded runtime: takes what it tells to the sockets of <see cref="Hub"/> and to other publishers, and answers those who join late from the journal. Made before the runtime, because the runtime tells it; attached after.
/// </summary>
public sealed class LiveProgress : IProgressPublisher, IAsyncDisposable
{
    private readonly ProgressFanOut told;

    /// <summary>Makes it.</summary>
    /// <param name="also">Told too, for example the terminal.</param>
    public LiveProgress(params IReadOnlyList<IProgressPublisher> also)
        : this(new ProgressHub(), also)
    {
    }

    /// <summary>Makes it with a hub of one's own.</summary>
    /// <param name="hub">The hub; disposed with this.</param>
    /// <param name="also">Told too.</param>
    public LiveProgress(ProgressHub hub, params IReadOnlyList<IProgressPublisher> also)
    {
        Hub = hub;
        told = new ProgressFanOut([.. also, hub]);
    }

    /// <summary>The sockets.</summary>
    public ProgressHub Hub { get; }

    /// <summary>Where jobs are looked up.</summary>
    /// <param name="runtime">The runtime that tells this.</param>
    public void Attach(EmbeddedRuntime runtime) =>
        Hub.Source = new JournalProgress(new EvaluationProgress(runtime.Evaluations), new OptimizationProgress(runtime.Optimizations));

    /// <inheritdoc />
    public void Publish(JobProgress progress) => told.Publish(progress);

    /// <inheritdoc />
    public ValueTask DisposeAsync() => Hub.DisposeAsync();
}
