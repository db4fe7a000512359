namespace AiAssignments.Embedded.Workflows.Journal;

/// <summary>What a journal row says.</summary>
internal enum JournalKind
{
    /// <summary>The workflow asked for a step; carries its name and the hash of its input.</summary>
    Scheduled = 1,

    /// <summary>The step's result.</summary>
    Completed = 2,

    /// <summary>The step failed for good; the payload is the problem.</summary>
    Failed = 3,

    /// <summary>One try of an activity failed; <see cref="JournalRow.RetryAt"/> says when the next is due.</summary>
    AttemptFailed = 4,

    /// <summary>An event from outside; the name is the event's.</summary>
    Event = 5,
}

/// <summary>One row of an instance's journal. Rows are in the order in which the workflow saw them.</summary>
/// <param name="Kind">What it says.</param>
/// <param name="Step">The step's number, counted from 0 in the order in which the workflow asked; -1 for an event.</param>
/// <param name="At">Time in UTC ticks (100 ns).</param>
internal sealed record JournalRow(JournalKind Kind, int Step, long At)
{
    /// <summary>Place in the instance's journal; 0 for a row not yet written.</summary>
    public long Sequence { get; init; }

    /// <summary>Name of the step or the event.</summary>
    public string? Name { get; init; }

    /// <summary>First 16 bytes of the SHA-256 of the input's JSON.</summary>
    public byte[]? Hash { get; init; }

    /// <summary>JSON of the result, the problem or the event.</summary>
    public string? Payload { get; init; }

    /// <summary>When the next try is due, in UTC ticks.</summary>
    public long RetryAt { get; init; }
}
