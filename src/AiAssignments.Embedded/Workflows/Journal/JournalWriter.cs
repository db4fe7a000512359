using System.Collections.Concurrent;
using System.Diagnostics;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Telemetry;
using AiAssignments.Embedded.Sqlite;
using Microsoft.Data.Sqlite;

namespace AiAssignments.Embedded.Workflows.Journal;

/// <summary>
/// The one writer of the journal, on a thread of its own. Whatever waits when a commit ends goes together into the next one (group commit),
/// so that many activities ending at once share one sync to disk.
/// </summary>
internal sealed class JournalWriter : IDisposable
{
    private const int LargestBatch = 1000;
    private readonly SqliteFile file;
    private readonly SqliteConnection connection;
    private readonly JournalTables tables;
    private readonly IJournalObserver? observer;
    private readonly BlockingCollection<JournalWrite> queue = [];
    private readonly Thread thread;
    private long commits;

    public JournalWriter(SqliteFile file, WorkflowEngineOptions options)
    {
        this.file = file;
        observer = options.Observer;
        SqliteConnection? opened = null;
        try
        {
            opened = file.Open();
            JournalTables.CreateSchema(opened);
            options.Configure?.Invoke(opened);
        }
        catch (SqliteException exception)
        {
            opened?.Dispose();
            file.Close();
            throw exception.ToProblem(file.Path);
        }

        connection = opened;
        tables = new JournalTables(connection);
        thread = new Thread(Loop) { IsBackground = true, Name = "workflow journal" };
        thread.Start();
    }

    public void Enqueue(JournalWrite write)
    {
        try
        {
            queue.Add(write);
        }
        catch (InvalidOperationException)
        {
            write.Failed(Stopped());
        }
    }

    /// <summary>Makes a change and waits until it is durable.</summary>
    public Task<T> WriteAsync<T>(Func<JournalTables, T> apply)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        T result = default!;
        Enqueue(new JournalWrite(journal => result = apply(journal), () => done.SetResult(result), done.SetException));
        return done.Task;
    }

    /// <summary>Writes what waits, and closes.</summary>
    public void Dispose()
    {
        queue.CompleteAdding();
        thread.Join();
        tables.Dispose();
        connection.Dispose();
        queue.Dispose();
    }

    private static ProblemException Stopped() => new("engine-stopped", "The workflow engine has stopped.");

    private void Loop()
    {
        var batch = new List<JournalWrite>();
        foreach (var first in queue.GetConsumingEnumerable())
        {
            batch.Clear();
            Add(batch, first);
            while (batch.Count < LargestBatch && queue.TryTake(out var next))
            {
                Add(batch, next);
            }

            if (batch.Count > 0)
            {
                Write(batch);
            }
        }
    }

    private static void Add(List<JournalWrite> batch, JournalWrite write)
    {
        if (write.Abandoned?.Invoke() == true)
        {
            write.Failed(Stopped());
        }
        else
        {
            batch.Add(write);
        }
    }

    private void Write(List<JournalWrite> batch)
    {
        var refused = new List<(JournalWrite Write, ProblemException Why)>();
        var started = Stopwatch.GetTimestamp();
        try
        {
            commits++;
            using var transaction = connection.BeginTransaction(deferred: false);
            tables.Begin(transaction);
            foreach (var write in batch)
            {
                try
                {
                    write.Apply(tables);
                }
                catch (ProblemException exception)
                {
                    // A refusal of this one change, made before it touched anything; the others of the batch go on.
                    refused.Add((write, exception));
                }
            }

            tables.Complete();
            observer?.BeforeCommit(commits);
            transaction.Commit();
            observer?.AfterCommit(commits);
        }
        catch (Exception exception)
        {
            tables.Forget();
            var problem = exception as ProblemException ?? (exception as SqliteException)?.ToProblem(file.Path)
                ?? new ProblemException(new Problem("storage-failed", $"The journal could not be written: {exception.Message}", file.Path), exception);
            foreach (var write in batch)
            {
                write.Failed(problem);
            }

            return;
        }

        Instruments.JournalCommitDuration.Record(Stopwatch.GetElapsedTime(started).TotalSeconds);
        Instruments.JournalCommits.Add(1);
        Instruments.JournalWrites.Add(batch.Count);
        foreach (var write in batch)
        {
            if (refused.Find(pair => pair.Write == write) is { Why: { } why })
            {
                write.Failed(why);
            }
            else
            {
                write.Committed();
            }
        }
    }
}
