using AiAssignments.Core.Telemetry.Memory;
using Microsoft.Data.Sqlite;

namespace AiAssignments.Embedded.Workflows;

/// <summary>Settings of <see cref="SqliteWorkflowEngine"/>.</summary>
public sealed record WorkflowEngineOptions
{
    /// <summary>The journal's database file; its folder exists.</summary>
    public required string JournalFile { get; init; }

    /// <summary>Most activities running at once over all instances; 1 or more. Default: the number of processors.</summary>
    public int MaxConcurrentActivities { get; init; } = Environment.ProcessorCount;

    /// <summary>How long to wait for another program's lock on the journal. Default 5 s.</summary>
    public TimeSpan BusyTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The clock of timers, retries and journal times. Default: the system's.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Told of each journal commit; for crash tests. Default: none.</summary>
    public IJournalObserver? Observer { get; init; }

    /// <summary>Measures what each activity does to the memory of this process. Default: nothing is measured.</summary>
    public MemoryProfiler? Profiler { get; init; }

    /// <summary>Last word on the writing connection; for tests that make the disk full.</summary>
    internal Action<SqliteConnection>? Configure { get; init; }
}
