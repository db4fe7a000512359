using System.Collections.Concurrent;
using System.Text.Json;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Storage;
using AiAssignments.Core.Workflows;

namespace AiAssignments.Pipeline.Workflows;

/// <summary>The workflows and activities that an engine can run, by name: the class name without a trailing <c>Workflow</c> or <c>Activity</c>.</summary>
public sealed class WorkflowRegistry
{
    // Results go into the history: references, never rows.
    private const int LargestPayload = 1024 * 1024;
    private readonly ConcurrentDictionary<string, (Func<IWorkflowContext, string, Task<string>> Run, int Version)> workflows = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Func<string, CancellationToken, Task<string>>> activities = new(StringComparer.Ordinal);

    /// <summary>Names of the workflows.</summary>
    public IReadOnlyList<string> Workflows => [.. workflows.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Names of the activities.</summary>
    public IReadOnlyList<string> Activities => [.. activities.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Adds a workflow.</summary>
    /// <typeparam name="TWorkflow">Its class.</typeparam>
    /// <typeparam name="TInput">Its input.</typeparam>
    /// <typeparam name="TOutput">Its result.</typeparam>
    /// <param name="create">Makes an instance for each run (and each replay).</param>
    /// <param name="version">Raised with every change of what the class asks of its context, so that a history of the code before is not replayed by the code after; 1 or more. Default 1.</param>
    /// <exception cref="ArgumentException">One of this name is there already.</exception>
    public WorkflowRegistry AddWorkflow<TWorkflow, TInput, TOutput>(Func<TWorkflow> create, int version = 1)
        where TWorkflow : IWorkflow<TInput, TOutput>
    {
        ArgumentNullException.ThrowIfNull(create);
        ArgumentOutOfRangeException.ThrowIfLessThan(version, 1);
        var name = WorkflowName(typeof(TWorkflow));

        // Not ConfigureAwait(false): an engine may tell its turns by the synchronization context.
        if (!workflows.TryAdd(name, (async (context, input) => Write(await create().RunAsync(context, Read<TInput>(input)).ConfigureAwait(true), name), version)))
        {
            throw new ArgumentException($"A workflow named '{name}' is registered already.", nameof(create));
        }

        return this;
    }

    /// <summary>Adds an activity.</summary>
    /// <typeparam name="TActivity">Its class.</typeparam>
    /// <typeparam name="TInput">Its input.</typeparam>
    /// <typeparam name="TOutput">Its result.</typeparam>
    /// <param name="create">Makes an instance for each try.</param>
    /// <exception cref="ArgumentException">One of this name is there already.</exception>
    public WorkflowRegistry AddActivity<TActivity, TInput, TOutput>(Func<TActivity> create)
        where TActivity : IActivity<TInput, TOutput>
    {
        ArgumentNullException.ThrowIfNull(create);
        var name = ActivityName(typeof(TActivity));
        if (!activities.TryAdd(name, async (input, cancellationToken) => Write(await create().RunAsync(Read<TInput>(input), cancellationToken).ConfigureAwait(false), name)))
        {
            throw new ArgumentException($"An activity named '{name}' is registered already.", nameof(create));
        }

        return this;
    }

    /// <summary>The name of a workflow class.</summary>
    /// <param name="type">The class.</param>
    public static string WorkflowName(Type type) => Trim(type.Name, "Workflow");

    /// <summary>The name of an activity class.</summary>
    /// <param name="type">The class.</param>
    public static string ActivityName(Type type) => Trim(type.Name, "Activity");

    /// <summary>Reads a payload.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="json">As <see cref="Write"/> wrote it.</param>
    public static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, DocumentJson.Options)!;

    /// <summary>Writes a payload.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="value">The payload.</param>
    /// <param name="name">Whose it is.</param>
    /// <exception cref="ProblemException"><c>workflow-payload-too-large</c>: more than 1,048,576 characters.</exception>
    public static string Write<T>(T value, string name)
    {
        var json = JsonSerializer.Serialize(value, DocumentJson.Options);
        return json.Length <= LargestPayload
            ? json
            : throw new ProblemException("workflow-payload-too-large", $"{name} has an input or result of {json.Length} characters; at most {LargestPayload} go into the journal. Store the data and pass its name.");
    }

    /// <summary>Runs a workflow: context and input (JSON) to result (JSON).</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="ProblemException"><c>workflow-unknown</c>.</exception>
    public Func<IWorkflowContext, string, Task<string>> Workflow(string name) => Find(name).Run;

    /// <summary>The version of a workflow's code.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="ProblemException"><c>workflow-unknown</c>.</exception>
    public int VersionOf(string name) => Find(name).Version;

    /// <summary>Runs an activity: input (JSON) to result (JSON).</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="ProblemException"><c>activity-unknown</c>.</exception>
    public Func<string, CancellationToken, Task<string>> Activity(string name) =>
        activities.TryGetValue(name, out var run) ? run : throw new ProblemException("activity-unknown", $"No activity named '{name}' is registered.");

    private (Func<IWorkflowContext, string, Task<string>> Run, int Version) Find(string name) =>
        workflows.TryGetValue(name, out var found) ? found : throw new ProblemException("workflow-unknown", $"No workflow named '{name}' is registered.");

    private static string Trim(string name, string suffix) =>
        name.Length > suffix.Length && name.EndsWith(suffix, StringComparison.Ordinal) ? name[..^suffix.Length] : name;
}
