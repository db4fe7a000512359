using AiAssignments.Core.Jobs;
using AiAssignments.Optimization.Passes;

namespace AiAssignments.Pipeline.Optimizations;

/// <summary>A pass's progress as a job's.</summary>
/// <param name="progress">Told.</param>
/// <param name="id">The optimization.</param>
/// <param name="title">For a person.</param>
internal sealed class PassReports(IProgressPublisher progress, string id, string title) : IProgress<PassProgress>
{
    /// <inheritdoc />
    public void Report(PassProgress value) => progress.Publish(new JobProgress(id, title, value.Step, value.Done, value.Total));
}
