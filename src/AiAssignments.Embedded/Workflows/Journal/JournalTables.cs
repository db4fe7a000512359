using AiAssignments.Core.Errors;
using AiAssignments.Core.Workflows;
using Microsoft.Data.Sqlite;

namespace AiAssignments.Embedded.Workflows.Journal;

/// <summary>The journal's tables as its writer changes them, within the transaction of the present batch.</summary>
internal sealed class JournalTables(SqliteConnection connection) : IDisposable
{
    private readonly Dictionary<string, SqliteCommand> commands = new(StringComparer.Ordinal);
    private readonly Dictionary<long, long> lastSequence = [];
    private readonly Dictionary<long, (string Status, long At)> customStatuses = [];
    private SqliteTransaction? transaction;

    public static void CreateSchema(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            CREATE TABLE IF NOT EXISTS instances (
                key INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, workflow TEXT NOT NULL, input TEXT NOT NULL,
                status INTEGER NOT NULL, cancelling INTEGER NOT NULL DEFAULT 0, custom_status TEXT, output TEXT, problem TEXT,
                created_at INTEGER NOT NULL, started_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
                generation INTEGER NOT NULL DEFAULT 0, execution INTEGER NOT NULL DEFAULT 0, parent TEXT, parent_generation INTEGER NOT NULL DEFAULT 0, trace TEXT);
            CREATE INDEX IF NOT EXISTS instances_parent ON instances (parent) WHERE parent IS NOT NULL;
            CREATE INDEX IF NOT EXISTS instances_unfinished ON instances (status) WHERE status < 2;
            CREATE TABLE IF NOT EXISTS claims (child TEXT NOT NULL, parent TEXT NOT NULL, generation INTEGER NOT NULL, input TEXT NOT NULL, PRIMARY KEY (child, parent)) WITHOUT ROWID;
            CREATE INDEX IF NOT EXISTS claims_parent ON claims (parent);
            INSERT OR IGNORE INTO claims SELECT id, parent, parent_generation, input FROM instances WHERE parent IS NOT NULL;
            CREATE TABLE IF NOT EXISTS journal (
                instance INTEGER NOT NULL, sequence INTEGER NOT NULL, generation INTEGER NOT NULL, kind INTEGER NOT NULL, step INTEGER NOT NULL,
                name TEXT, hash BLOB, payload TEXT, retry_at INTEGER, at INTEGER NOT NULL, PRIMARY KEY (instance, sequence)) WITHOUT ROWID;
            """;
        command.ExecuteNonQuery();

        // Journals of before there were traces. Programs of before name their columns, and go on with the file as it is then.
        command.CommandText = "SELECT COUNT(*) FROM pragma_table_info('instances') WHERE name = 'trace'";
        if (command.ExecuteScalar() is 0L)
        {
            command.CommandText = "ALTER TABLE instances ADD COLUMN trace TEXT";
            command.ExecuteNonQuery();
        }
    }

    /// <summary>Starts a batch.</summary>
    public void Begin(SqliteTransaction batch) => transaction = batch;

    /// <summary>Writes what was held back: of several custom statuses of one instance only the last counts.</summary>
    public void Complete()
    {
        foreach (var (key, (status, at)) in customStatuses)
        {
            Execute("UPDATE instances SET custom_status = $status, updated_at = $at WHERE key = $key", ("$status", status), ("$at", at), ("$key", key));
        }

        customStatuses.Clear();
    }

    /// <summary>The batch was undone: forget what was known of it.</summary>
    public void Forget()
    {
        customStatuses.Clear();
        lastSequence.Clear();
    }

    public InstanceRecord? Find(string id)
    {
        var command = Command("SELECT " + JournalReader.InstanceColumns + " FROM instances WHERE id = $id", ("$id", id));
        using var reader = command.ExecuteReader();
        return reader.Read() ? JournalReader.ReadInstance(reader) : null;
    }

    public InstanceRecord Create(InstanceRecord made)
    {
        Execute(
            """
            INSERT INTO instances (id, workflow, input, status, created_at, started_at, updated_at, parent, parent_generation, trace)
            VALUES ($id, $workflow, $input, $status, $at, $at, $at, $parent, $parentGeneration, $trace)
            """,
            ("$id", made.Id),
            ("$workflow", made.Workflow),
            ("$input", made.Input),
            ("$status", (long)made.Status),
            ("$at", made.CreatedAt),
            ("$parent", made.Parent),
            ("$parentGeneration", (long)made.ParentGeneration),
            ("$trace", made.Trace));
        return Find(made.Id)!;
    }

    /// <summary>Adds a row to the end; the result carries its sequence.</summary>
    public JournalRow Append(long instance, int generation, JournalRow row)
    {
        if (!lastSequence.TryGetValue(instance, out var last))
        {
            last = (long)Command("SELECT COALESCE(MAX(sequence), 0) FROM journal WHERE instance = $instance", ("$instance", instance)).ExecuteScalar()!;
        }

        lastSequence[instance] = ++last;
        Execute(
            "INSERT INTO journal VALUES ($instance, $sequence, $generation, $kind, $step, $name, $hash, $payload, $retryAt, $at)",
            ("$instance", instance),
            ("$sequence", last),
            ("$generation", (long)generation),
            ("$kind", (long)row.Kind),
            ("$step", (long)row.Step),
            ("$name", row.Name),
            ("$hash", row.Hash),
            ("$payload", row.Payload),
            ("$retryAt", row.RetryAt == 0 ? null : row.RetryAt),
            ("$at", row.At));
        return row with { Sequence = last };
    }

    public void Remove(long instance, long sequence) =>
        Execute("DELETE FROM journal WHERE instance = $instance AND sequence = $sequence", ("$instance", instance), ("$sequence", sequence));

    public void SetRunning(long key) => Execute("UPDATE instances SET status = 1 WHERE key = $key AND status = 0", ("$key", key));

    public void SetCustomStatus(long key, string status, long at) => customStatuses[key] = (status, at);

    public void SetCancelling(long key) => Execute("UPDATE instances SET cancelling = 1 WHERE key = $key", ("$key", key));

    public void End(long key, WorkflowStatus status, string? output, string? problem, long at) => Execute(
        "UPDATE instances SET status = $status, cancelling = 0, output = $output, problem = $problem, updated_at = $at WHERE key = $key",
        ("$status", (long)status),
        ("$output", output),
        ("$problem", problem),
        ("$at", at),
        ("$key", key));

    /// <summary>
    /// Opens an ended instance again: results are kept under their name and input hash for whoever asks for them, events are kept as they came,
    /// and failures are forgotten. Nothing depends on where in the workflow the failure was.
    /// </summary>
    public void Reopen(InstanceRecord instance, int parentGeneration, long at, string? trace)
    {
        var scheduled = new Dictionary<int, (string? Name, byte[]? Hash)>();
        var kept = new List<(long Sequence, int Step)>();
        using (var reader = Command("SELECT sequence, kind, step, name, hash FROM journal WHERE instance = $instance AND generation = $generation", ("$instance", instance.Key), ("$generation", (long)instance.Generation)).ExecuteReader())
        {
            while (reader.Read())
            {
                var step = reader.GetInt32(2);
                switch ((JournalKind)reader.GetInt32(1))
                {
                    case JournalKind.Scheduled:
                        scheduled[step] = (reader.GetString(3), reader.GetFieldValue<byte[]>(4));
                        break;
                    case JournalKind.Completed:
                        kept.Add((reader.GetInt64(0), step));
                        break;
                }
            }
        }

        foreach (var (sequence, step) in kept)
        {
            // A sub-workflow keeps its own end; whoever deleted it wants it done again.
            if (scheduled.TryGetValue(step, out var asked) && asked.Name?.StartsWith(ChildStep.Prefix, StringComparison.Ordinal) == true)
            {
                Remove(instance.Key, sequence);
            }
            else if (asked.Hash is not null)
            {
                Execute(
                    "UPDATE journal SET name = $name, hash = $hash WHERE instance = $instance AND sequence = $sequence",
                    ("$name", asked.Name),
                    ("$hash", asked.Hash),
                    ("$instance", instance.Key),
                    ("$sequence", sequence));
            }
        }

        Execute("DELETE FROM journal WHERE instance = $instance AND kind IN (1, 3, 4)", ("$instance", instance.Key));
        Execute("UPDATE journal SET generation = generation + 1 WHERE instance = $instance AND kind = 5", ("$instance", instance.Key));
        Execute(
            "UPDATE instances SET status = 1, cancelling = 0, output = NULL, problem = NULL, generation = generation + 1, parent_generation = $parentGeneration, updated_at = $at, trace = COALESCE($trace, trace) WHERE key = $key",
            ("$parentGeneration", (long)parentGeneration),
            ("$trace", trace),
            ("$at", at),
            ("$key", instance.Key));
    }

    /// <summary>Begins a new execution with an empty journal but for the events that were not yet taken.</summary>
    public void ContinueAsNew(InstanceRecord instance, string input, IEnumerable<long> eventsTaken, long at)
    {
        foreach (var sequence in eventsTaken)
        {
            Remove(instance.Key, sequence);
        }

        Execute("DELETE FROM journal WHERE instance = $instance AND kind <> 5", ("$instance", instance.Key));
        Execute("UPDATE instances SET input = $input, execution = execution + 1, started_at = $at, updated_at = $at WHERE key = $key", ("$input", input), ("$at", at), ("$key", instance.Key));
    }

    public void Delete(InstanceRecord instance)
    {
        Execute("DELETE FROM journal WHERE instance = $instance", ("$instance", instance.Key));
        Execute("DELETE FROM instances WHERE key = $key", ("$key", instance.Key));
        Execute("DELETE FROM claims WHERE child = $id OR parent = $id", ("$id", instance.Id));
        lastSequence.Remove(instance.Key);
    }

    /// <summary>That a workflow asked for a sub-workflow: its generation then, and with what input. <c>null</c> when it did not.</summary>
    public (int Generation, string Input)? ClaimOf(string parent, string child)
    {
        using var reader = Command("SELECT generation, input FROM claims WHERE child = $child AND parent = $parent", ("$child", child), ("$parent", parent)).ExecuteReader();
        return reader.Read() ? (reader.GetInt32(0), reader.GetString(1)) : null;
    }

    public void Claim(string parent, int generation, string child, string input) => Execute(
        "INSERT INTO claims VALUES ($child, $parent, $generation, $input) ON CONFLICT DO UPDATE SET generation = $generation, input = $input",
        ("$child", child),
        ("$parent", parent),
        ("$generation", (long)generation),
        ("$input", input));

    /// <summary>Makes a sub-workflow one that stays when its parents go: somebody has started it himself.</summary>
    public void Free(long key) => Execute("UPDATE instances SET parent = NULL WHERE key = $key", ("$key", key));

    /// <summary>Whether others than this parent wait for a sub-workflow, or somebody has started it himself.</summary>
    public bool IsAwaited(InstanceRecord child, string parent) => child.Parent is null
        || Command(
            "SELECT 1 FROM claims JOIN instances ON instances.id = claims.parent WHERE child = $child AND claims.parent <> $parent AND status < 2 AND cancelling = 0 LIMIT 1",
            ("$child", child.Id),
            ("$parent", parent)).ExecuteScalar() is not null;

    /// <summary>Lets go of a sub-workflow that others have asked for, too, or that somebody has started himself.</summary>
    /// <returns><c>false</c> when it is this parent's alone.</returns>
    public bool TryRelease(InstanceRecord child, string parent)
    {
        var other = Command(
            "SELECT claims.parent FROM claims JOIN instances ON instances.id = claims.parent WHERE child = $child AND claims.parent <> $parent ORDER BY key LIMIT 1",
            ("$child", child.Id),
            ("$parent", parent)).ExecuteScalar() as string;
        if (child.Parent is not null && other is null)
        {
            return false;
        }

        Execute("DELETE FROM claims WHERE child = $child AND parent = $parent", ("$child", child.Id), ("$parent", parent));
        if (child.Parent == parent)
        {
            Execute("UPDATE instances SET parent = $other WHERE key = $key", ("$other", other), ("$key", child.Key));
        }

        return true;
    }

    public InstanceRecord Require(string id) => Find(id) ?? throw NotFound(id);

    public static ProblemException NotFound(string id) => new("workflow-not-found", "There is no workflow instance of this id.", id);

    public void Dispose()
    {
        foreach (var command in commands.Values)
        {
            command.Dispose();
        }
    }

    private void Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters) => Command(sql, parameters).ExecuteNonQuery();

    private SqliteCommand Command(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        if (!commands.TryGetValue(sql, out var command))
        {
            command = connection.CreateCommand();
            command.CommandText = sql;
            foreach (var (name, _) in parameters)
            {
                command.Parameters.Add(new SqliteParameter { ParameterName = name });
            }

            commands.Add(sql, command);
        }

        command.Transaction = transaction;
        for (var i = 0; i < parameters.Length; i++)
        {
            command.Parameters[i].Value = parameters[i].Value ?? DBNull.Value;
        }

        return command;
    }
}
