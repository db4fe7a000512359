using System.Text.Json;

namespace AiAssignments.Azure.Durable;

/// <summary>What is used of <c>DurableTaskClient</c>.</summary>
public interface IDurableClient
{
    /// <summary>Starts an instance, unless one with this id is pending, runs or has completed.</summary>
    /// <param name="name">Name of the orchestration.</param>
    /// <param name="input">Its input.</param>
    /// <param name="instanceId">Its id.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>Whether it was started.</returns>
    Task<bool> ScheduleAsync(string name, JsonElement input, string instanceId, CancellationToken cancellationToken);

    /// <summary>An instance, or <c>null</c>.</summary>
    /// <param name="instanceId">Its id. Hostile.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    Task<DurableInstance?> FindAsync(string instanceId, CancellationToken cancellationToken);

    /// <summary>Instances, in any order.</summary>
    /// <param name="query">Which.</param>
    /// <param name="cancellationToken">Stops the listing.</param>
    IAsyncEnumerable<DurableInstance> QueryAsync(DurableQuery query, CancellationToken cancellationToken);

    /// <summary>Waits until an instance has ended; <c>null</c> when there is none.</summary>
    /// <param name="instanceId">Its id.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    Task<DurableInstance?> WaitForCompletionAsync(string instanceId, CancellationToken cancellationToken);

    /// <summary>Asks an instance to end as terminated; may throw where there is none or it has ended.</summary>
    /// <param name="instanceId">Its id.</param>
    /// <param name="reason">Why; it becomes the instance's output.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    Task TerminateAsync(string instanceId, string reason, CancellationToken cancellationToken);

    /// <summary>Removes an ended instance with its history.</summary>
    /// <param name="instanceId">Its id.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    Task PurgeAsync(string instanceId, CancellationToken cancellationToken);

    /// <summary>Raises an event.</summary>
    /// <param name="instanceId">Id of the instance.</param>
    /// <param name="name">The event's name.</param>
    /// <param name="payload">Its payload.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    Task RaiseEventAsync(string instanceId, string name, JsonElement payload, CancellationToken cancellationToken);
}
