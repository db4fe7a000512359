using System.Text.Json;
using AiAssignments.Tests.Support;

namespace AiAssignments.Tests.Hosts;

/// <summary><c>aia optimize</c> over the sample models, as a program calls it.</summary>
/// <remarks>
/// The sizes are what the passes wrote when these tests were made (23 November 2026): bytes of <c>model.onnx</c>, which depend on the sample models and the passes
/// alone. Accuracies are those of the float models, found by <c>aia evaluate</c>; a pass may change some predictions from one processor to another.
/// </remarks>
public sealed class OptimizeCommandTests : IDisposable
{
    private static readonly string Samples = Path.Combine(RepositoryRoot.Path, "src", "AiAssignments.Local", "samples");
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task The_sample_models_are_made_smaller_and_judged()
    {
        await AcceptedAsync("topic", "topics.jsonl", 0.9408, 0.56, 0.60, "--pass", "quantize", "--reduced-range", "on");
        await AcceptedAsync("fashion", "fashion.zip", 0.922, 0.24, 0.28, "--pass", "quantize", "--mode", "static-int8", "--reduced-range", "on", "--calibrate", Path.Combine(Samples, "fashion.zip"));
        await AcceptedAsync("entity", "entities.conll", 0.6707, 0.99, 1.01, "--pass", "prune", "--amount", "0.1", "--out", folder.File("report"));
        Assert.True(File.Exists(folder.File("report/optimization.html")) && File.Exists(folder.File("report/optimization.md")) && File.Exists(folder.File("report/optimization.json")));

        var models = JsonDocument.Parse((await RunAsync("models", "--json")).Output).RootElement;
        Assert.Equal(3, models.EnumerateArray().Count(model => model.TryGetProperty("gate", out var gate) && gate.GetString() == "accepted"));
    }

    [Fact]
    public async Task A_refused_version_ends_with_1_is_told_and_does_not_answer()
    {
        var (exit, output, error) = await RunAsync("optimize", "sentiment", "--gate", Path.Combine(Samples, "sentiment.csv"), "--pass", "prune", "--amount", "0.98", "--embeddings", "--max-accuracy-drop", "0.001");
        Assert.True(exit == 1, error);
        Assert.StartsWith("Refused: accuracy changed by ", output, StringComparison.Ordinal);
        foreach (var row in new[] { "accuracy: 75.32 % -> ", "macro F1: ", "size: 2.10 MB -> ", "size, gzip: ", "batch 1, median: ", "batch 8, median: ", "batch 16, median: ", "It is kept to be looked at, and not served.", "report: " })
        {
            Assert.Contains(row, output, StringComparison.Ordinal);
        }

        var listed = (await RunAsync("models")).Output;
        var refused = Assert.Single(listed.Split('\n'), line => line.EndsWith("refused by its gate", StringComparison.Ordinal)).Split('\t')[0];
        var (asked, _, told) = await RunAsync("predict", "--model", refused, "--text", "a fine film");
        Assert.Equal(1, asked);
        Assert.Contains("[model-version-not-accepted]", told, StringComparison.Ordinal);
        var (looked, _, failed) = await RunAsync("evaluate", "--model", refused, "--dataset", Path.Combine(Samples, "sentiment.csv"));
        Assert.True(looked == 0, failed);
    }

    [Theory]
    [InlineData(1, "--alpha says nothing to --pass quantize", "--pass", "quantize", "--alpha", "0.5")]
    [InlineData(1, "--amount says nothing to --pass distill", "--pass", "distill", "--amount", "0.5")]
    [InlineData(1, "--include says nothing to --pass distill", "--pass", "distill", "--include", "a")]
    [InlineData(1, "No node of the graph is called 'nonesuch'", "--pass", "prune", "--include", "nonesuch")]
    [InlineData(1, "needs --train", "--pass", "distill")]
    [InlineData(1, "it must be quantize, prune or distill", "--pass", "shrink")]
    [InlineData(1, "it must be like 2:4", "--pass", "prune", "--mode", "n-m", "--pattern", "2-4")]
    [InlineData(1, "needs a calibration dataset", "--pass", "quantize", "--auto")]
    [InlineData(2, "--pass", "--max-accuracy-drop", "0.1")]
    public async Task Options_that_make_no_sense_are_refused(int expected, string said, params string[] options)
    {
        var (exit, _, error) = await RunAsync(["optimize", "topic", "--gate", Path.Combine(Samples, "topics.jsonl"), .. options]);
        Assert.Equal(expected, exit);
        Assert.Contains(said, error, StringComparison.Ordinal);
    }

    private async Task AcceptedAsync(string model, string gate, double before, double least, double most, params string[] options)
    {
        var (exit, output, error) = await RunAsync(["optimize", model, "--gate", Path.Combine(Samples, gate), "--max-accuracy-drop", "0.08", "--json", .. options]);
        Assert.True(exit == 0, output + error);
        var outcome = JsonDocument.Parse(output).RootElement.GetProperty("outcome");
        Assert.Equal(before, outcome.GetProperty("differences")[0].GetProperty("a").GetDouble(), 1e-3);
        Assert.InRange(outcome.GetProperty("differences")[0].GetProperty("b").GetDouble(), before - 0.05, before + 0.05);
        var (old, made) = (outcome.GetProperty("before").GetProperty("sizeBytes").GetDouble(), outcome.GetProperty("after").GetProperty("sizeBytes").GetDouble());
        Assert.InRange(made / old, least, most);
        Assert.True(File.Exists(JsonDocument.Parse(output).RootElement.GetProperty("report").GetString()));
    }

    private Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments) => HostProcess.RunAsync("aia.dll", null, [.. arguments, "--data", folder.File("data")]);
}
