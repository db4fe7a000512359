using System.Collections.Concurrent;
using AiAssignments.Core.Workflows;
using AiAssignments.Embedded.Workflows;
using AiAssignments.Pipeline.Workflows;
using AiAssignments.Tests.Support;
using Microsoft.Data.Sqlite;

namespace AiAssignments.Tests.Embedded.Workflows;

/// <summary>A journal, and engines on it one after the other; the scripts can be changed between two of them, as a new version of a program does.</summary>
internal sealed class EngineBench : IAsyncDisposable
{
    private readonly TemporaryFolder folder = new();

    public Func<IWorkflowContext, string, Task<string>> Script { get; set; } = static (_, input) => Task.FromResult(input);

    public Func<IWorkflowContext, string, Task<string>> Inner { get; set; } = static (_, input) => Task.FromResult(input);

    public Func<string, CancellationToken, Task<string>> Work { get; set; } = static (input, _) => Task.FromResult(input);

    public Func<string, CancellationToken, Task<string>> Other { get; set; } = static (input, _) => Task.FromResult(input);

    public TimeProvider Time { get; set; } = TimeProvider.System;

    public IJournalObserver? Observer { get; set; }

    public Action<SqliteConnection>? Configure { get; set; }

    public TimeSpan BusyTimeout { get; set; } = TimeSpan.FromSeconds(5);

    public int MaxConcurrentActivities { get; set; } = 4;

    /// <summary>Inputs of the activities that were run, over all engines.</summary>
    public ConcurrentQueue<string> Ran { get; } = new();

    public SqliteWorkflowEngine Engine { get; private set; } = null!;

    public string JournalFile => folder.File("workflows.db");

    public static async Task<EngineBench> OpenAsync(Action<EngineBench> set)
    {
        var bench = new EngineBench();
        set(bench);
        await bench.RestartAsync();
        return bench;
    }

    /// <summary>Stops the engine, as a host's end does, and opens another on the same journal.</summary>
    public async Task RestartAsync(bool resume = true)
    {
        if (Engine is not null)
        {
            await Engine.DisposeAsync();
        }

        var registry = new WorkflowRegistry()
            .AddWorkflow<ScriptedWorkflow, string, string>(() => new ScriptedWorkflow((context, input) => Script(context, input)))
            .AddWorkflow<InnerWorkflow, string, string>(() => new InnerWorkflow((context, input) => Inner(context, input)))
            .AddActivity<WorkActivity, string, string>(() => new WorkActivity((input, token) => Run(Work, input, token)))
            .AddActivity<OtherActivity, string, string>(() => new OtherActivity((input, token) => Run(Other, input, token)));
        Engine = new SqliteWorkflowEngine(registry, new WorkflowEngineOptions
        {
            JournalFile = JournalFile,
            Time = Time,
            Observer = Observer,
            Configure = Configure,
            BusyTimeout = BusyTimeout,
            MaxConcurrentActivities = MaxConcurrentActivities,
        });
        if (resume)
        {
            await Engine.ResumeAsync(default);
        }
    }

    public Task<bool> StartAsync(string id = "one", string input = "in") => Engine.StartAsync<ScriptedWorkflow, string, string>(id, input, default);

    public Task<WorkflowState> WaitAsync(string id = "one") => Engine.WaitAsync(id, default).WaitAsync(TimeSpan.FromSeconds(30));

    public async Task<WorkflowState> RunAsync(string id = "one", string input = "in")
    {
        await StartAsync(id, input);
        return await WaitAsync(id);
    }

    public List<T> Query<T>(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={JournalFile};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var values = new List<T>();
        while (reader.Read())
        {
            values.Add(reader.GetFieldValue<T>(0));
        }

        return values;
    }

    public async ValueTask DisposeAsync()
    {
        await Engine.DisposeAsync();
        folder.Dispose();
    }

    private Task<string> Run(Func<string, CancellationToken, Task<string>> work, string input, CancellationToken token)
    {
        Ran.Enqueue(input);
        return work(input, token);
    }
}
