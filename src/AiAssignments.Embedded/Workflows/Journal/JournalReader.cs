using AiAssignments.Core.Workflows;
using AiAssignments.Embedded.Sqlite;
using Microsoft.Data.Sqlite;

namespace AiAssignments.Embedded.Workflows.Journal;

/// <summary>Reads the journal beside its writer.</summary>
internal sealed class JournalReader(SqliteFile file)
{
    public const string InstanceColumns = "key, id, workflow, input, status, cancelling, custom_status, output, problem, created_at, started_at, updated_at, generation, execution, parent, parent_generation, trace";

    public static InstanceRecord ReadInstance(SqliteDataReader reader) => new(reader.GetInt64(0), reader.GetString(1), reader.GetString(2), reader.GetString(3))
    {
        Status = (WorkflowStatus)reader.GetInt32(4),
        Cancelling = reader.GetInt32(5) != 0,
        CustomStatus = Text(reader, 6),
        Output = Text(reader, 7),
        Problem = Text(reader, 8),
        CreatedAt = reader.GetInt64(9),
        StartedAt = reader.GetInt64(10),
        UpdatedAt = reader.GetInt64(11),
        Generation = reader.GetInt32(12),
        Execution = reader.GetInt32(13),
        Parent = Text(reader, 14),
        ParentGeneration = reader.GetInt32(15),
        Trace = Text(reader, 16),
    };

    public InstanceRecord? Find(string id) => Instances("WHERE id = $value", id).FirstOrDefault();

    public List<InstanceRecord> Unfinished() => Instances("WHERE status < 2 ORDER BY key", null);

    /// <summary>Sub-workflows that a workflow has asked for, but those that somebody has started himself.</summary>
    public List<InstanceRecord> ChildrenOf(string parent) =>
        Instances("WHERE id IN (SELECT child FROM claims WHERE parent = $value) AND parent IS NOT NULL ORDER BY key", parent);

    /// <summary>A page of instances with a key below <paramref name="key"/>, newest first.</summary>
    public List<InstanceRecord> Before(long key) => Instances("WHERE key < $value ORDER BY key DESC LIMIT 100", key);

    /// <summary>The instance and its journal as of one moment; <c>null</c> when there is none.</summary>
    public WorkflowHistory? Load(string id) => file.Read(connection =>
    {
        using var transaction = connection.BeginTransaction(deferred: true);
        var found = Instances(connection, "WHERE id = $value", id).FirstOrDefault();
        if (found is null)
        {
            return null;
        }

        var history = new WorkflowHistory(found);
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT sequence, generation, kind, step, name, hash, payload, retry_at, at FROM journal WHERE instance = $instance ORDER BY sequence";
        command.Parameters.AddWithValue("$instance", found.Key);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var row = new JournalRow((JournalKind)reader.GetInt32(2), reader.GetInt32(3), reader.GetInt64(8))
            {
                Sequence = reader.GetInt64(0),
                Name = Text(reader, 4),
                Hash = reader.IsDBNull(5) ? null : reader.GetFieldValue<byte[]>(5),
                Payload = Text(reader, 6),
                RetryAt = reader.IsDBNull(7) ? 0 : reader.GetInt64(7),
            };
            history.Add(row, reader.GetInt32(1));
        }

        return history;
    });

    private static string? Text(SqliteDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    private static List<InstanceRecord> Instances(SqliteConnection connection, string where, object? value)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {InstanceColumns} FROM instances {where}";
        if (value is not null)
        {
            command.Parameters.AddWithValue("$value", value);
        }

        using var reader = command.ExecuteReader();
        var found = new List<InstanceRecord>();
        while (reader.Read())
        {
            found.Add(ReadInstance(reader));
        }

        return found;
    }

    private List<InstanceRecord> Instances(string where, object? value) => file.Read(connection => Instances(connection, where, value));
}
