using AiAssignments.Core.Errors;
using AiAssignments.Core.Workflows;
using AiAssignments.Embedded.Workflows.Journal;

namespace AiAssignments.Embedded.Workflows;

/// <summary>Something that a workflow asked for and waits for.</summary>
/// <param name="Id">Counted from 0 in the order of asking.</param>
/// <param name="Name">Kind and name, for example <c>activity ScoreShard</c>.</param>
/// <param name="Hash">Of the input.</param>
/// <param name="Completed">Called in the workflow with the result's JSON.</param>
/// <param name="Failed">Called in the workflow with the problem.</param>
internal abstract record WorkflowStep(int Id, string Name, byte[] Hash, Action<string> Completed, Action<Problem> Failed)
{
    /// <summary>A result kept from an earlier generation.</summary>
    public JournalRow? Kept { get; set; }
}

/// <summary>An activity with its tries so far.</summary>
internal sealed record ActivityStep(int Id, string Name, byte[] Hash, Action<string> Completed, Action<Problem> Failed)
    : WorkflowStep(Id, Name, Hash, Completed, Failed)
{
    public required string Activity { get; init; }

    public required string Input { get; init; }

    public required Func<string, CancellationToken, Task<string>> Invoke { get; init; }

    public required RetryPolicy Retry { get; init; }

    public int Attempts { get; set; }

    public long RetryAt { get; set; }
}

/// <summary>A timer.</summary>
internal sealed record TimerStep(int Id, string Name, byte[] Hash, Action<string> Completed, Action<Problem> Failed)
    : WorkflowStep(Id, Name, Hash, Completed, Failed)
{
    public required DateTimeOffset DueAt { get; init; }
}

/// <summary>A sub-workflow.</summary>
internal sealed record ChildStep(int Id, string Name, byte[] Hash, Action<string> Completed, Action<Problem> Failed)
    : WorkflowStep(Id, Name, Hash, Completed, Failed)
{
    /// <summary>Begins the name of every such step.</summary>
    public const string Prefix = "workflow ";

    public required string Workflow { get; init; }

    public required string Input { get; init; }

    public required string ChildId { get; init; }
}
