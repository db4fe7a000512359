namespace AiAssignments.Embedded.Workflows.Journal;

/// <summary>What the journal knows of one instance, sorted for a replay in one pass.</summary>
internal sealed class WorkflowHistory(InstanceRecord instance)
{
    private readonly Dictionary<int, JournalRow> scheduled = [];
    private readonly Dictionary<int, (int Attempts, long RetryAt)> attempts = [];
    private readonly HashSet<int> settled = [];
    private readonly Dictionary<string, Queue<JournalRow>> kept = new(StringComparer.Ordinal);

    public InstanceRecord Instance => instance;

    /// <summary>Results, failures and events in the order in which the workflow saw them.</summary>
    public List<JournalRow> Deliveries { get; } = [];

    /// <summary>Sequence of the last row.</summary>
    public long LastSequence { get; private set; }

    /// <summary>Highest step that was asked for; -1 when none was.</summary>
    public int LastStep { get; private set; } = -1;

    /// <summary>Whether a sub-workflow was ever asked for.</summary>
    public bool HasChildren { get; private set; }

    public void Add(JournalRow row, int generation)
    {
        LastSequence = row.Sequence;
        if (generation < instance.Generation)
        {
            if (row is { Kind: JournalKind.Completed, Name: not null, Hash: not null })
            {
                var key = Key(row.Name, row.Hash);
                if (!kept.TryGetValue(key, out var results))
                {
                    kept.Add(key, results = new Queue<JournalRow>());
                }

                results.Enqueue(row);
            }

            return;
        }

        switch (row.Kind)
        {
            case JournalKind.Scheduled:
                scheduled[row.Step] = row;
                LastStep = Math.Max(LastStep, row.Step);
                HasChildren |= row.Name!.StartsWith(ChildStep.Prefix, StringComparison.Ordinal);
                break;
            case JournalKind.AttemptFailed:
                attempts[row.Step] = (Attempts(row.Step).Attempts + 1, row.RetryAt);
                break;
            case JournalKind.Event:
                Deliveries.Add(row);
                break;

            // Of two results of one step (a try that outlived its run) the first is the one that was seen.
            case JournalKind.Completed or JournalKind.Failed when settled.Add(row.Step):
                Deliveries.Add(row);
                break;
        }
    }

    public JournalRow? Scheduled(int step) => scheduled.GetValueOrDefault(step);

    public (int Attempts, long RetryAt) Attempts(int step) => attempts.GetValueOrDefault(step);

    public bool IsSettled(int step) => settled.Contains(step);

    /// <summary>Takes a result that an earlier generation left for the same name and input.</summary>
    public JournalRow? TakeKept(string name, byte[] hash) =>
        kept.TryGetValue(Key(name, hash), out var results) && results.TryDequeue(out var row) ? row : null;

    private static string Key(string name, byte[] hash) => $"{name} {Convert.ToHexString(hash)}";
}
