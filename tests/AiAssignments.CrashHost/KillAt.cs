using System.Diagnostics;
using AiAssignments.Embedded.Workflows;

namespace AiAssignments.CrashHost;

/// <summary>Ends the process, as kill -9 does, before or after one journal commit; 0 for never.</summary>
public sealed class KillAt(long fatal, bool before) : IJournalObserver
{
    /// <summary>Commits so far.</summary>
    public long Commits { get; private set; }

    public void BeforeCommit(long ordinal)
    {
        if (before && ordinal == fatal)
        {
            Die();
        }
    }

    public void AfterCommit(long ordinal)
    {
        Commits = ordinal;
        if (!before && ordinal == fatal)
        {
            Die();
        }
    }

    /// <summary>SIGKILL, or TerminateProcess: no handler runs, nothing is flushed.</summary>
    public static void Die()
    {
        using var self = Process.GetCurrentProcess();
        self.Kill();

        // The signal is on its way; this thread must not get any further.
        Thread.Sleep(Timeout.Infinite);
    }
}
