using System.Text.Json;
using AiAssignments.Embedded;
using AiAssignments.Tests.Support;

namespace AiAssignments.Tests.Hosts;

/// <summary><c>aia</c> as a program calls it: JSON on the output, one line on the error stream, documented exit codes.</summary>
public sealed class CommandLineTests : IDisposable
{
    private static readonly string Samples = Path.Combine(RepositoryRoot.Path, "src", "AiAssignments.Local", "samples");
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Evaluate_writes_the_report_and_two_of_them_compare()
    {
        var first = await JsonAsync("evaluate", "--model", "topic", "--dataset", Path.Combine(Samples, "topics.jsonl"), "--out", folder.File("a"));
        Assert.Equal("accuracy", first.GetProperty("outcome").GetProperty("metric").GetString());
        Assert.True(File.Exists(first.GetProperty("report").GetString()));

        await JsonAsync("evaluate", "--model", "topic", "--dataset", Path.Combine(Samples, "topics.jsonl"), "--out", folder.File("b"), "--shard-records", "50");
        var comparison = await JsonAsync("compare", folder.File("a"), folder.File("b"), "--out", folder.File("c"));
        Assert.Contains("No difference can be shown", comparison.GetProperty("verdict").GetString(), StringComparison.Ordinal);
        Assert.Equal(152, comparison.GetProperty("paired").GetInt64());
        Assert.True(File.Exists(folder.File("c/comparison.html")));

        var listed = await JsonAsync("evaluations");
        Assert.Equal(2, listed.GetArrayLength());
        var id = listed[0].GetProperty("id").GetString()!;
        Assert.Equal("completed", listed[0].GetProperty("status").GetString());
        await JsonAsync("evaluations", "delete", id[..8]);
        Assert.Equal(1, (await JsonAsync("evaluations")).GetArrayLength());
    }

    [Fact]
    public async Task Models_inspect_and_predict_answer_in_json()
    {
        var models = await JsonAsync("models");
        Assert.Equal(["entity", "fashion", "sentiment", "topic"], models.EnumerateArray().Select(model => model.GetProperty("card").GetProperty("name").GetString()));

        var inspection = await BareJsonAsync("datasets", "inspect", Path.Combine(Samples, "sentiment.csv"));
        Assert.Equal("csv", inspection.GetProperty("description").GetProperty("format").GetString());

        var prediction = await JsonAsync("predict", "--model", "sentiment", "--text", "a wonderful and moving film");
        Assert.Equal("positive", prediction.GetProperty("predictions")[0].GetProperty("labels")[0].GetProperty("label").GetString());

        var (exit, output, _) = await RunAsync("Anna Smith flew to Paris\n", "predict", "--model", "entity");
        Assert.Equal(0, exit);
        Assert.Contains("Paris/B-LOC", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Exit_codes_say_what_happened()
    {
        Assert.Equal(2, (await RunAsync(null, "evaluate", "--model", "topic")).ExitCode);
        var (exit, _, error) = await RunAsync(null, "evaluate", "--model", "topic", "--dataset", folder.File("absent.csv"));
        Assert.Equal(1, exit);
        Assert.Contains("[dataset-not-found]", error, StringComparison.Ordinal);

        var (refused, _, json) = await RunAsync(null, "predict", "--model", "fashion", "--text", "x", "--json");
        Assert.Equal(1, refused);
        Assert.Equal("input-unfit", JsonDocument.Parse(json).RootElement.GetProperty("code").GetString());

        using (DataFolder.Open(folder.File("data")))
        {
            var (busy, _, told) = await RunAsync(null, "models");
            Assert.Equal(3, busy);
            Assert.Contains("[data-folder-in-use]", told, StringComparison.Ordinal);
        }
    }

    private async Task<JsonElement> JsonAsync(params string[] arguments)
    {
        var (exit, output, error) = await RunAsync(null, [.. arguments, "--json"]);
        Assert.True(exit == 0, error);
        return JsonDocument.Parse(output).RootElement;
    }

    private static async Task<JsonElement> BareJsonAsync(params string[] arguments)
    {
        var (exit, output, error) = await HostProcess.RunAsync("aia.dll", null, [.. arguments, "--json"]);
        Assert.True(exit == 0, error);
        return JsonDocument.Parse(output).RootElement;
    }

    private Task<(int ExitCode, string Output, string Error)> RunAsync(string? input, params string[] arguments) =>
        HostProcess.RunAsync("aia.dll", input, [.. arguments, "--data", folder.File("data")]);
}
