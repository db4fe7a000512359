using System.Globalization;
using System.Text.Json;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Storage;
using AiAssignments.Embedded.Sqlite;
using Microsoft.Data.Sqlite;

namespace AiAssignments.Embedded.Documents;

/// <summary>
/// Documents in one SQLite file: write-ahead log, each write synced to disk before it is acknowledged, readers never waiting for the writer.
/// Strings are compared by code point. Every failure of the database is a <see cref="ProblemException"/>: <c>storage-locked</c>, <c>storage-full</c>, <c>storage-corrupt</c>,
/// <c>storage-readonly</c>, <c>storage-unavailable</c>, <c>storage-io</c>.
/// </summary>
public sealed class SqliteDocumentStore : IDocumentStore, IDisposable
{
    // One transaction is one sync to disk; other writers wait for it.
    private const int WrittenAtOnce = 1000;

    private const string Schema = """
        CREATE TABLE IF NOT EXISTS documents (
            container TEXT NOT NULL, partition TEXT NOT NULL, id TEXT NOT NULL, etag INTEGER NOT NULL, body TEXT NOT NULL,
            PRIMARY KEY (container, partition, id));
        CREATE TABLE IF NOT EXISTS writes (only INTEGER PRIMARY KEY CHECK (only = 1), count INTEGER NOT NULL);
        INSERT OR IGNORE INTO writes VALUES (1, 0);
        """;

    private readonly SqliteFile file;
    private readonly SqliteConnection writer;
    private readonly SemaphoreSlim writing = new(1, 1);

    /// <summary>Opens the file, and makes it when there is none.</summary>
    /// <param name="path">The database file; its folder exists.</param>
    /// <param name="busyTimeout">How long to wait for another program's lock; 5 s when <c>null</c>.</param>
    /// <exception cref="ProblemException">The file cannot be opened, is locked, or is not a database.</exception>
    public SqliteDocumentStore(string path, TimeSpan? busyTimeout = null)
    {
        file = new SqliteFile(Path.GetFullPath(path), busyTimeout ?? TimeSpan.FromSeconds(5));
        SqliteConnection? opened = null;
        try
        {
            opened = file.Open();
            Execute(opened, Schema);
            writer = opened;
        }
        catch (SqliteException exception)
        {
            opened?.Dispose();
            file.Close();
            throw exception.ToProblem(file.Path);
        }
    }

    /// <inheritdoc />
    public Task<Document<T>?> FindAsync<T>(string container, string partition, string id, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(file.Read(connection =>
        {
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT body, etag FROM documents WHERE container = $container AND partition = $partition AND id = $id";
            AddKey(command, container, partition, id);
            using var reader = command.ExecuteReader();
            return reader.Read() ? new Document<T>(id, Parse<T>(reader.GetString(0), id), ETag(reader.GetInt64(1))) : null;
        }));
    }

    /// <inheritdoc />
    public async Task<Document<T>> PutAsync<T>(string container, string partition, string id, T value, string? ifMatch, CancellationToken cancellationToken)
    {
        var body = JsonSerializer.Serialize(value, StoredJson.Options);
        var etag = await WriteAsync(
            transaction =>
            {
                var present = Present(transaction, container, partition, id);
                if (ifMatch is not null && ifMatch != (present ?? IDocumentStore.MustNotExist))
                {
                    throw new ProblemException("document-conflict", Conflict(ifMatch, present), $"{container}/{partition}/{id}");
                }

                var next = NextWrite(transaction);
                using var command = Command(transaction, """
                    INSERT INTO documents (container, partition, id, etag, body) VALUES ($container, $partition, $id, $etag, $body)
                    ON CONFLICT (container, partition, id) DO UPDATE SET etag = excluded.etag, body = excluded.body
                    """);
                AddKey(command, container, partition, id);
                command.Parameters.AddWithValue("$etag", next);
                command.Parameters.AddWithValue("$body", body);
                command.ExecuteNonQuery();
                return next;
            },
            cancellationToken).ConfigureAwait(false);
        return new Document<T>(id, value, ETag(etag));
    }

    /// <inheritdoc />
    public Task<bool> DeleteAsync(string container, string partition, string id, CancellationToken cancellationToken) =>
        WriteAsync(transaction => Delete(transaction, container, partition, id), cancellationToken);

    /// <inheritdoc />
    public async Task<int> DeleteManyAsync(string container, string partition, IReadOnlyCollection<string> ids, CancellationToken cancellationToken)
    {
        var deleted = 0;
        foreach (var some in ids.Chunk(WrittenAtOnce))
        {
            deleted += await WriteAsync(transaction => some.Count(id => Delete(transaction, container, partition, id)), cancellationToken).ConfigureAwait(false);
        }

        return deleted;
    }

    /// <inheritdoc />
    /// <exception cref="ProblemException"><c>query-invalid</c>; <c>continuation-invalid</c>.</exception>
    public Task<DocumentPage<T>> QueryAsync<T>(string container, string partition, DocumentQuery query, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        query.Check();
        var fingerprint = query.Fingerprint(container, partition);
        var after = query.Continuation is { } token ? DocumentCursor.Read(token, fingerprint) : null;
        return Task.FromResult(file.Read(connection =>
        {
            using var command = DocumentSelect.Build(connection, container, partition, query, after);
            using var reader = command.ExecuteReader();
            var items = new List<Document<T>>();
            DocumentCursor? last = null;
            while (reader.Read())
            {
                if (items.Count == query.PageSize)
                {
                    return new DocumentPage<T>(items, last!.Write());
                }

                var id = reader.GetString(0);
                items.Add(new Document<T>(id, Parse<T>(reader.GetString(1), id), ETag(reader.GetInt64(2))));
                var key = reader.GetValue(4);
                last = new DocumentCursor(fingerprint, reader.GetInt32(3), key as string, key as long?, key as double?, id);
            }

            return new DocumentPage<T>(items, null);
        }));
    }

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        writer.Dispose();
        file.Close();
        writing.Dispose();
    }

    private static string Conflict(string wanted, string? present) => (wanted, present) switch
    {
        (IDocumentStore.MustNotExist, _) => "The document exists already.",
        (_, null) => $"The document was expected with ETag {wanted}, and there is none.",
        _ => $"The document was changed meanwhile: ETag {wanted} was expected and {present} is there. Read it again and repeat the change.",
    };

    private static string ETag(long write) => write.ToString("x", CultureInfo.InvariantCulture);

    private static string? Present(SqliteTransaction transaction, string container, string partition, string id)
    {
        using var command = Command(transaction, "SELECT etag FROM documents WHERE container = $container AND partition = $partition AND id = $id");
        AddKey(command, container, partition, id);
        return command.ExecuteScalar() is long etag ? ETag(etag) : null;
    }

    private static bool Delete(SqliteTransaction transaction, string container, string partition, string id)
    {
        using var command = Command(transaction, "DELETE FROM documents WHERE container = $container AND partition = $partition AND id = $id");
        AddKey(command, container, partition, id);
        return command.ExecuteNonQuery() == 1;
    }

    // A count over the whole file, so that a document deleted and made again has another ETag.
    private static long NextWrite(SqliteTransaction transaction)
    {
        using var command = Command(transaction, "UPDATE writes SET count = count + 1 RETURNING count");
        return (long)command.ExecuteScalar()!;
    }

    private static SqliteCommand Command(SqliteTransaction transaction, string sql)
    {
        var command = transaction.Connection!.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        return command;
    }

    private static void AddKey(SqliteCommand command, string container, string partition, string id)
    {
        command.Parameters.AddWithValue("$container", container);
        command.Parameters.AddWithValue("$partition", partition);
        command.Parameters.AddWithValue("$id", id);
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private T Parse<T>(string body, string id)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(body, StoredJson.Options) ?? throw new JsonException("null");
        }
        catch (JsonException exception)
        {
            throw new ProblemException(new Problem("document-unreadable", $"The document '{id}' is not a {typeof(T).Name}: {exception.Message}", file.Path), exception);
        }
    }

    private async Task<TResult> WriteAsync<TResult>(Func<SqliteTransaction, TResult> write, CancellationToken cancellationToken)
    {
        await writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            using var transaction = writer.BeginTransaction(deferred: false);
            var result = write(transaction);
            transaction.Commit();
            return result;
        }
        catch (SqliteException exception)
        {
            throw exception.ToProblem(file.Path);
        }
        finally
        {
            writing.Release();
        }
    }
}
