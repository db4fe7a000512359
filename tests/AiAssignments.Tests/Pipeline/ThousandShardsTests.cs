using AiAssignments.Core.Evaluations;
using AiAssignments.Core.Workflows;
using AiAssignments.Embedded.Workflows.Journal;
using Microsoft.Data.Sqlite;

namespace AiAssignments.Tests.Pipeline;

/// <summary>An evaluation of a thousand shards on the embedded engine: never wider than asked for, and a history of references.</summary>
public sealed class ThousandShardsTests
{
    private const int Shards = 1000;

    [Fact]
    public async Task A_thousand_shards_keep_to_the_width_and_leave_a_small_history()
    {
        await using var fixture = await PipelineFixture.OpenAsync();
        var model = await fixture.ModelAsync("topic");
        var lines = Enumerable.Range(0, Shards).Select(i => $$"""{"text": "Shares of company {{i}} fell after its profit warning", "label": "Business"}""");
        var dataset = await fixture.DatasetAsync("thousand.jsonl", string.Join('\n', lines));

        var job = await fixture.EvaluateAsync(model, dataset, new EvaluationOptions { ShardRecords = 1, BootstrapSamples = 100 });

        Assert.Equal(WorkflowStatus.Completed, job.Status);
        Assert.Equal(Shards, job.Outcome!.Records);
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(fixture.DataFolder, "workflows.db")};Mode=ReadOnly");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT kind, COALESCE(LENGTH(name), 0) + COALESCE(LENGTH(hash), 0) + COALESCE(LENGTH(payload), 0) + 40 FROM journal ORDER BY sequence";
        await using var rows = await command.ExecuteReaderAsync();
        var (events, bytes, open, widest) = (0, 0L, 0, 0);
        while (await rows.ReadAsync())
        {
            events++;
            bytes += rows.GetInt64(1);
            open += (JournalKind)rows.GetInt64(0) switch
            {
                JournalKind.Scheduled => 1,
                JournalKind.Completed => -1,
                var other => throw new InvalidOperationException($"{other} in the journal."),
            };
            widest = Math.Max(widest, open);
        }

        // Two rows a shard (asked for, done) and two for each of plan, report and clearing; a row is a name, a hash and a reference of a few bytes.
        Assert.Equal((2 * Shards) + 6, events);
        Assert.InRange(widest, 2, job.Request.Width);
        Assert.InRange(bytes, 0, events * 120);
    }
}
