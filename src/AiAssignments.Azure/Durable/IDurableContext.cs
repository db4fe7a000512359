using System.Text.Json;
using AiAssignments.Core.Workflows;

namespace AiAssignments.Azure.Durable;

/// <summary>
/// What is used of <c>TaskOrchestrationContext</c> of Durable Functions, member by member, so that everything above it is compiled and tested without those packages.
/// All members are for the orchestrator's own thread; tasks are awaited without <c>ConfigureAwait(false)</c>.
/// </summary>
public interface IDurableContext
{
    /// <summary>Id of the instance.</summary>
    string InstanceId { get; }

    /// <summary>Time as the history has it, UTC.</summary>
    DateTime CurrentUtcDateTime { get; }

    /// <summary>Whether the history is being replayed.</summary>
    bool IsReplaying { get; }

    /// <summary>A GUID that is the same in every replay, and another one in every instance and run.</summary>
    Guid NewGuid();

    /// <summary>Runs an activity.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="input">Its input.</param>
    /// <param name="retry">Attempts of the engine's own retry policy; its codes are not looked at.</param>
    /// <exception cref="DurableCallException">It threw, each time.</exception>
    Task<JsonElement> CallActivityAsync(string name, JsonElement input, RetryPolicy retry);

    /// <summary>Runs a sub-orchestration.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="input">Its input.</param>
    /// <param name="instanceId">Its id; no other instance may have it.</param>
    /// <exception cref="DurableCallException">It failed.</exception>
    Task<JsonElement> CallSubOrchestratorAsync(string name, JsonElement input, string instanceId);

    /// <summary>Waits on a durable timer.</summary>
    /// <param name="fireAt">When it is over, UTC.</param>
    Task CreateTimerAsync(DateTime fireAt);

    /// <summary>Waits for an event from outside.</summary>
    /// <param name="name">Its name.</param>
    Task<JsonElement> WaitForExternalEventAsync(string name);

    /// <summary>Sets what a status request sees.</summary>
    /// <param name="status">At most 16 KiB of UTF-16.</param>
    void SetCustomStatus(JsonElement status);

    /// <summary>Starts the instance again with an empty history; events that were not taken stay.</summary>
    /// <param name="input">The new input.</param>
    void ContinueAsNew(JsonElement input);
}
