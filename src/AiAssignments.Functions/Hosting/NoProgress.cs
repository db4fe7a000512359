using AiAssignments.Core.Errors;
using AiAssignments.Core.Jobs;

namespace AiAssignments.Functions.Hosting;

/// <summary>Where no Web PubSub is named: nothing is told, and whoever asks is sent to the status route.</summary>
internal sealed class NoProgress : IProgressPublisher, IConnectionNegotiator
{
    public void Publish(JobProgress progress)
    {
    }

    public Task<NegotiatedConnection> NegotiateAsync(Uri origin, string? user, CancellationToken cancellationToken) =>
        throw new ProblemException("progress-unavailable", "This host has no live progress (WebPubSub__Endpoint); ask the job's status instead.");
}
