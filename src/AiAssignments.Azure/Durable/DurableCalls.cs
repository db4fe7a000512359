using System.Text.Json;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Workflows;

namespace AiAssignments.Azure.Durable;

/// <summary>Input of every orchestration.</summary>
/// <param name="Version">Version of the workflow's code that it was started with.</param>
/// <param name="Input">The workflow's own input.</param>
internal sealed record WorkflowCall(int Version, JsonElement Input);

/// <summary>Input of every activity.</summary>
/// <param name="Input">The activity's own input.</param>
/// <param name="Retried">Problem codes that are passing faults; absent: those of <see cref="RetryPolicy.Default"/>.</param>
internal sealed record ActivityCall(JsonElement Input, IReadOnlyList<string>? Retried);

/// <summary>Result of every activity: one of three. A problem is a result, so that the engine does not try again what would be refused again.</summary>
/// <param name="Value">What it gave.</param>
/// <param name="Problem">Why it was refused for good.</param>
/// <param name="Busy">Whoever does the work is full: seconds after which to ask again.</param>
internal sealed record ActivityAnswer(JsonElement? Value = null, Problem? Problem = null, double? Busy = null);

/// <summary>Input of the orchestration <see cref="DurableNames.FanOut"/>: one lane's share of a fan-out.</summary>
/// <param name="Activity">Name of the activity.</param>
/// <param name="Inputs">Its inputs, done one after the other.</param>
/// <param name="Retry">Its retry policy; absent: <see cref="RetryPolicy.Default"/>.</param>
internal sealed record FanOutCall(string Activity, IReadOnlyList<JsonElement> Inputs, RetryPolicy? Retry);

/// <summary>Input of the activity <see cref="DurableNames.Join"/>.</summary>
/// <param name="Workflow">Name of the workflow.</param>
/// <param name="InstanceId">Its id.</param>
/// <param name="Input">Its input; absent: it was begun before.</param>
/// <param name="For">Id of the workflow that waits for it.</param>
internal sealed record JoinCall(string Workflow, string InstanceId, JsonElement? Input, string? For = null);

/// <summary>Result of that activity.</summary>
/// <param name="Ended">Whether the workflow has ended.</param>
/// <param name="Output">Its result, when completed.</param>
/// <param name="Problem">Why it did not complete.</param>
internal sealed record JoinAnswer(bool Ended, JsonElement? Output = null, Problem? Problem = null);
