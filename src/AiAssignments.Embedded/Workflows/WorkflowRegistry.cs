using System.Collections.Concurrent;
using System.Text.Json;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Workflows;

namespace AiAssignments.Embedded.Workflows;

/// <summary>The workflows and activities that an engine can run, by name: the class name without a trailing <c>Workflow</c> or <c>Activity</c>.</summary>
public sealed class WorkflowRegistry
{
    // Results go into the journal: references, never rows.
    private const int LargestPayload = 1024 * 1024;
    private readonly ConcurrentDictionary<string, Func<IWorkflowContext, string, Task<string>>> workflows = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Func<string, CancellationToken, Task<string>>> activities = new(StringComparer.Ordinal);

    /// <summary>Adds a workflow.</summary>
    /// <typeparam name="TWorkflow">Its class.</typeparam>
    /// <typeparam name="TInput">Its input.</typeparam>
    /// <typeparam name="TOutput">Its result.</typeparam>
    /// <param name="create">Makes an instance for each run (and each replay).</param>
    /// <exception cref="ArgumentException">One of this name is there already.</exception>
    public WorkflowRegistry AddWorkflow<TWorkflow, TInput, TOutput>(Func<TWorkflow> create)
        where TWorkflow : IWorkflow<TInput, TOutput>
    {
        ArgumentNullException.ThrowIfNull(create);
        var name = WorkflowName(typeof(TWorkflow));
        if (!workflows.TryAdd(name, async (context, input) => Write(await create().RunAsync(context, Read<TInput>(input)).ConfigureAwait(false), name)))
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

    internal static string WorkflowName(Type type) => Trim(type.Name, "Workflow");

    internal static string ActivityName(Type type) => Trim(type.Name, "Activity");

    internal static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, StoredJson.Options)!;

    internal static string Write<T>(T value, string name)
    {
        var json = JsonSerializer.Serialize(value, StoredJson.Options);
        return json.Length <= LargestPayload
            ? json
            : throw new ProblemException("workflow-payload-too-large", $"{name} has an input or result of {json.Length} characters; at most {LargestPayload} go into the journal. Store the data and pass its name.");
    }

    internal Func<IWorkflowContext, string, Task<string>> Workflow(string name) =>
        workflows.TryGetValue(name, out var run) ? run : throw new ProblemException("workflow-unknown", $"No workflow named '{name}' is registered.");

    internal Func<string, CancellationToken, Task<string>> Activity(string name) =>
        activities.TryGetValue(name, out var run) ? run : throw new ProblemException("activity-unknown", $"No activity named '{name}' is registered.");

    private static string Trim(string name, string suffix) =>
        name.Length > suffix.Length && name.EndsWith(suffix, StringComparison.Ordinal) ? name[..^suffix.Length] : name;
}
