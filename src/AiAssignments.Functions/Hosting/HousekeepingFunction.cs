using AiAssignments.Azure.Hosting;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace AiAssignments.Functions.Hosting;

/// <summary>Once an hour: what expired, and what nothing belongs to any more.</summary>
/// <param name="upkeep">Does it.</param>
public sealed class HousekeepingFunction(Upkeep upkeep)
{
    /// <summary>Runs at 17 minutes past, when nothing else does.</summary>
    [Function("Housekeeping")]
    public Task HousekeepAsync([TimerTrigger("0 17 * * * *")] TimerInfo timer, [DurableClient] DurableTaskClient hub, CancellationToken cancellationToken) =>
        upkeep.RunAsync(cancellationToken);
}
