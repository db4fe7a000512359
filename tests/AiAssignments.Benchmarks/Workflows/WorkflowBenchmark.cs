using System.Diagnostics;
using System.Globalization;
using System.Text;
using AiAssignments.Core.Workflows;
using AiAssignments.Embedded.Workflows;
using AiAssignments.Pipeline.Workflows;
using Microsoft.Data.Sqlite;

namespace AiAssignments.Benchmarks.Workflows;

/// <summary>
/// What the journal costs: activities that do nothing, each result on disk before the workflow goes on, against plain SQLite inserts of the same rows in the same number of
/// commits, on the same disk in the same run. The best of three rounds counts.
/// </summary>
public static class WorkflowBenchmark
{
    private const int Activities = 5000;
    private const int Rounds = 3;

    /// <summary>Runs it and writes a Markdown table to the console, or to the file named by the first argument.</summary>
    public static int Run(string[] args)
    {
        var table = new StringBuilder();
        table.AppendLine(CultureInfo.InvariantCulture, $"Machine: {Environment.ProcessorCount} processors, {System.Runtime.InteropServices.RuntimeInformation.OSDescription}, .NET {Environment.Version}; {Activities} activities that do nothing, best of {Rounds} rounds.");
        table.AppendLine();
        table.AppendLine("| width | activities/s | commits | replay of all, ms | plain SQLite, same rows and commits, rows/s as activities/s | ratio |");
        table.AppendLine("| ---: | ---: | ---: | ---: | ---: | ---: |");
        foreach (var width in new[] { 1, 4, 16, 64 })
        {
            var rounds = Enumerable.Range(0, Rounds).Select(_ => RoundAsync(width).GetAwaiter().GetResult()).ToArray();
            var engine = rounds.Max(round => round.Engine);
            var plain = rounds.Max(round => round.Plain);
            table.AppendLine(CultureInfo.InvariantCulture, $"| {width} | {engine:N0} | {rounds[^1].Commits:N0} | {rounds.Min(round => round.ReplayMs):N0} | {plain:N0} | {engine / plain:0.00} |");
        }

        if (args.Length > 0)
        {
            File.WriteAllText(args[0], "# The journal's cost per activity\n\n" + table);
        }

        Console.Write(table);
        return 0;
    }

    private static async Task<(double Engine, long Commits, double ReplayMs, double Plain)> RoundAsync(int width)
    {
        var folder = Directory.CreateTempSubdirectory("aia-bench-").FullName;
        try
        {
            var journal = Path.Combine(folder, "workflows.db");
            var counter = new Counter();
            var watch = new Stopwatch();
            await using (var engine = Open(journal, counter, width))
            {
                watch.Start();
                await engine.StartAsync<ManyWorkflow, int, int>("many", width, default);
                var state = await engine.WaitAsync("many", default);
                watch.Stop();
                if (state.Output?.GetInt32() != Activities)
                {
                    throw new InvalidOperationException(state.Problem?.ToString());
                }
            }

            var engineRate = Activities / watch.Elapsed.TotalSeconds;
            var commits = counter.Commits;
            var plain = Plain(journal, Path.Combine(folder, "plain.db"), commits);

            // As after a crash between the last result and the end.
            using (var connection = Connect(journal))
            {
                Execute(connection, "UPDATE instances SET status = 1, output = NULL");
            }

            watch.Restart();
            await using (var engine = Open(journal, counter, width))
            {
                await engine.ResumeAsync(default);
                await engine.WaitAsync("many", default);
                watch.Stop();
            }

            return (engineRate, commits, watch.Elapsed.TotalMilliseconds, plain);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static SqliteWorkflowEngine Open(string journal, Counter counter, int width) => new(
        new WorkflowRegistry().AddWorkflow<ManyWorkflow, int, int>(() => new ManyWorkflow()).AddActivity<NothingActivity, int, string>(() => new NothingActivity()),
        new WorkflowEngineOptions { JournalFile = journal, Observer = counter, MaxConcurrentActivities = width });

    private static double Plain(string journal, string file, long commits)
    {
        using var connection = Connect(file);
        Execute(connection, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;");
        using (var schema = Connect(journal))
        {
            using var read = schema.CreateCommand();
            read.CommandText = "SELECT sql FROM sqlite_master WHERE name = 'journal'";
            Execute(connection, (string)read.ExecuteScalar()!);
        }

        var rows = Rows(journal);
        using var insert = connection.CreateCommand();
        insert.CommandText = "INSERT INTO journal VALUES ($0, $1, $2, $3, $4, $5, $6, $7, $8, $9)";
        for (var i = 0; i < 10; i++)
        {
            insert.Parameters.Add(new SqliteParameter { ParameterName = $"${i}" });
        }

        var watch = Stopwatch.StartNew();
        var written = 0;
        for (var commit = 1L; commit <= commits; commit++)
        {
            using var transaction = connection.BeginTransaction(deferred: false);
            insert.Transaction = transaction;
            for (var until = rows.Count * commit / commits; written < until; written++)
            {
                for (var i = 0; i < 10; i++)
                {
                    insert.Parameters[i].Value = rows[written][i];
                }

                insert.ExecuteNonQuery();
            }

            transaction.Commit();
        }

        return Activities / watch.Elapsed.TotalSeconds;
    }

    private static List<object[]> Rows(string journal)
    {
        using var connection = Connect(journal);
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT * FROM journal ORDER BY sequence";
        using var reader = command.ExecuteReader();
        var rows = new List<object[]>();
        while (reader.Read())
        {
            var row = new object[10];
            reader.GetValues(row);
            rows.Add(row);
        }

        return rows;
    }

    private static SqliteConnection Connect(string file)
    {
        var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        return connection;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private sealed class Counter : IJournalObserver
    {
        public long Commits { get; private set; }

        public void BeforeCommit(long ordinal)
        {
        }

        public void AfterCommit(long ordinal) => Commits = ordinal;
    }

    private sealed class ManyWorkflow : IWorkflow<int, int>
    {
        public async Task<int> RunAsync(IWorkflowContext context, int input) =>
            (await context.FanOutAsync<NothingActivity, int, string>([.. Enumerable.Range(0, Activities)], input)).Count;
    }

    private sealed class NothingActivity : IActivity<int, string>
    {
        public Task<string> RunAsync(int input, CancellationToken cancellationToken) =>
            Task.FromResult(string.Create(CultureInfo.InvariantCulture, $"evaluations/0123456789abcdef/shards/{input}.json"));
    }
}
