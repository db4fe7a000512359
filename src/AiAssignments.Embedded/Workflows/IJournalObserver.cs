namespace AiAssignments.Embedded.Workflows;

/// <summary>Told of each commit of the journal, on the journal's own thread; a crash test ends the process here.</summary>
public interface IJournalObserver
{
    /// <summary>All rows of the commit are written and it is not yet durable. What this throws undoes the commit.</summary>
    /// <param name="ordinal">1 for the first commit of this engine.</param>
    void BeforeCommit(long ordinal);

    /// <summary>The commit is durable, and nobody has been told yet.</summary>
    /// <param name="ordinal">1 for the first commit of this engine.</param>
    void AfterCommit(long ordinal);
}
