using System.Globalization;
using Microsoft.Data.Sqlite;

namespace AiAssignments.Tests.Embedded.Workflows;

/// <summary>
/// A journal as a version of the program wrote it must be understood by the versions after it. The rows below are written by hand in the form in which layout 1 of the data
/// folder holds them; a hash is the first 16 bytes of the SHA-256 of the input's JSON.
/// </summary>
public sealed class RecordedHistoryTests
{
    private const long Start = 639_000_000_000_000_000;

    [Fact]
    public async Task A_recorded_journal_replays_to_the_same_result_without_running_anything_again()
    {
        await using var bench = await EngineBench.OpenAsync(b =>
        {
            b.Script = async (context, input) =>
            {
                var first = await context.CallActivityAsync<WorkActivity, string, string>(input);
                await context.DelayAsync(TimeSpan.FromSeconds(5));
                var parts = await context.FanOutAsync<WorkActivity, string, string>(["p", "q"], 2);
                var said = await context.WaitForEventAsync<string>("say");
                return $"{first} {string.Join('+', parts)} {said} {context.CurrentUtcTime.UtcTicks - Start}";
            };
            b.Work = (_, _) => throw new InvalidOperationException("nothing is left to run");
        });
        await bench.Engine.DisposeAsync();
        Record(
            bench.JournalFile,
            "INSERT INTO instances (key, id, workflow, input, status, created_at, started_at, updated_at) VALUES (1, 'old', 'Scripted', '\"in\"', 1, $at, $at, $at)",
            Row(1, 1, 0, "activity Work", "\"in\"", null, 0),
            Row(2, 2, 0, null, null, "\"IN\"", 10),
            Row(3, 1, 1, "timer", "50000000", null, 10),
            Row(4, 2, 1, null, null, "null", 50_000_011),
            Row(5, 5, -1, "say", null, "\"hello\"", 50_000_012),
            Row(6, 1, 2, "activity Work", "\"p\"", null, 50_000_013),
            Row(7, 1, 3, "activity Work", "\"q\"", null, 50_000_013),
            Row(8, 4, 2, null, null, "{\"code\":\"internal-error\",\"message\":\"first try\"}", 50_000_014),
            Row(9, 2, 3, null, null, "\"Q\"", 50_000_015),
            Row(10, 2, 2, null, null, "\"P\"", 50_000_016));
        await bench.RestartAsync();

        var state = await bench.WaitAsync("old");

        Assert.Null(state.Problem);
        Assert.Equal("IN P+Q hello 50000016", state.Output!.Value.GetString());
        Assert.Empty(bench.Ran);
    }

    private static string Row(int sequence, int kind, int step, string? name, string? hashed, string? payload, long after)
    {
        var hash = hashed is null ? "NULL" : $"x'{Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(hashed)).AsSpan(0, 16))}'";
        return string.Create(CultureInfo.InvariantCulture, $"INSERT INTO journal VALUES (1, {sequence}, 0, {kind}, {step}, {Text(name)}, {hash}, {Text(payload)}, NULL, {Start + after})");
    }

    private static string Text(string? text) => text is null ? "NULL" : $"'{text}'";

    private static void Record(string file, params string[] statements)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        foreach (var statement in statements)
        {
            using var command = connection.CreateCommand();
            command.CommandText = statement;
            command.Parameters.AddWithValue("$at", Start);
            command.ExecuteNonQuery();
        }
    }
}
