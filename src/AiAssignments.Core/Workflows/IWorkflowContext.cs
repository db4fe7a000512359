namespace AiAssignments.Core.Workflows;

/// <summary>What a workflow may ask of its engine: what Durable Functions and the embedded journal both offer.</summary>
public interface IWorkflowContext
{
    /// <summary>Id of this instance.</summary>
    string InstanceId { get; }

    /// <summary>Deterministic time: when this point was first reached.</summary>
    DateTimeOffset CurrentUtcTime { get; }

    /// <summary>True while journaled results are being returned: nothing new has happened yet.</summary>
    bool IsReplaying { get; }

    /// <summary>A deterministic GUID (RFC 9562, version 5, of the instance id and a counter).</summary>
    Guid NewGuid();

    /// <summary>Runs an activity and journals its result.</summary>
    /// <typeparam name="TActivity">The activity class; registered with the engine under its name without a trailing <c>Activity</c>.</typeparam>
    /// <typeparam name="TInput">Its input.</typeparam>
    /// <typeparam name="TOutput">Its result.</typeparam>
    /// <param name="input">The input.</param>
    /// <param name="retry">Default: <see cref="RetryPolicy.Default"/>.</param>
    /// <exception cref="ActivityFailedException">It failed, after its retries.</exception>
    Task<TOutput> CallActivityAsync<TActivity, TInput, TOutput>(TInput input, RetryPolicy? retry = null)
        where TActivity : IActivity<TInput, TOutput>;

    /// <summary>Runs an activity for each input, at most <paramref name="width"/> at a time, and returns results in the order of the inputs.</summary>
    /// <typeparam name="TActivity">The activity class.</typeparam>
    /// <typeparam name="TInput">Its input.</typeparam>
    /// <typeparam name="TOutput">Its result.</typeparam>
    /// <param name="inputs">The inputs.</param>
    /// <param name="width">Most activities under way at once; 1 or more.</param>
    /// <param name="onCompleted">Called in the workflow with the number completed so far, for a custom status; must be deterministic.</param>
    /// <param name="retry">Default: <see cref="RetryPolicy.Default"/>.</param>
    /// <exception cref="ActivityFailedException">One failed; no further ones are started.</exception>
    Task<IReadOnlyList<TOutput>> FanOutAsync<TActivity, TInput, TOutput>(IReadOnlyList<TInput> inputs, int width, Action<int>? onCompleted = null, RetryPolicy? retry = null)
        where TActivity : IActivity<TInput, TOutput>;

    /// <summary>Runs a sub-workflow to its end.</summary>
    /// <typeparam name="TWorkflow">The workflow class.</typeparam>
    /// <typeparam name="TInput">Its input.</typeparam>
    /// <typeparam name="TOutput">Its result.</typeparam>
    /// <param name="input">The input.</param>
    /// <param name="instanceId">Derived when <c>null</c>.</param>
    Task<TOutput> CallWorkflowAsync<TWorkflow, TInput, TOutput>(TInput input, string? instanceId = null)
        where TWorkflow : IWorkflow<TInput, TOutput>;

    /// <summary>Waits on a durable timer.</summary>
    /// <param name="delay">How long.</param>
    Task DelayAsync(TimeSpan delay);

    /// <summary>Waits for an event raised from outside.</summary>
    /// <typeparam name="T">Its payload.</typeparam>
    /// <param name="name">Its name.</param>
    Task<T> WaitForEventAsync<T>(string name);

    /// <summary>Sets what a status request sees beside the run state. Small, JSON-serializable.</summary>
    /// <param name="status">The status.</param>
    void SetCustomStatus(object status);

    /// <summary>Starts this instance again with a new input and an empty history.</summary>
    /// <param name="input">The new input.</param>
    void ContinueAsNew(object input);
}
