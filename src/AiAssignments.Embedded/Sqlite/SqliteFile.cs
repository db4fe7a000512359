using AiAssignments.Core.Errors;
using Microsoft.Data.Sqlite;

namespace AiAssignments.Embedded.Sqlite;

/// <summary>One database file in write-ahead mode, synced to disk at each commit: what was acknowledged survives a power cut, not only a killed process.</summary>
internal sealed class SqliteFile(string path, TimeSpan busyTimeout)
{
    private readonly string connectionString = new SqliteConnectionStringBuilder
    {
        DataSource = path,
        Mode = SqliteOpenMode.ReadWriteCreate,
        Pooling = true,

        // The provider's own wait; SQLite's busy_timeout below does the waiting inside a call.
        DefaultTimeout = Math.Max(1, (int)Math.Ceiling(busyTimeout.TotalSeconds)),
    }.ToString();

    public string Path => path;

    public SqliteConnection Open()
    {
        var connection = new SqliteConnection(connectionString);
        try
        {
            connection.Open();
            using var pragmas = connection.CreateCommand();
            pragmas.CommandText = $"PRAGMA busy_timeout={(long)busyTimeout.TotalMilliseconds}; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;";
            pragmas.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Runs <paramref name="read"/> on a pooled connection.</summary>
    /// <exception cref="ProblemException">What SQLite reports, as a problem.</exception>
    public T Read<T>(Func<SqliteConnection, T> read)
    {
        try
        {
            using var connection = Open();
            return read(connection);
        }
        catch (SqliteException exception)
        {
            throw exception.ToProblem(path);
        }
    }

    /// <summary>Lets go of the pooled connections, so that the file can be moved or deleted.</summary>
    public void Close()
    {
        using var connection = new SqliteConnection(connectionString);
        SqliteConnection.ClearPool(connection);
    }
}
