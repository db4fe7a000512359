using System.Text.Json;
using System.Text.Json.Nodes;
using AiAssignments.Core.Errors;
using AiAssignments.Embedded;
using AiAssignments.Inference.Serving;
using AiAssignments.Pipeline.Predictions;
using AiAssignments.Pipeline.Remote;
using AiAssignments.Tests.Support;

namespace AiAssignments.IntegrationTests.InferenceServer;

/// <summary>The embedded pipeline with an inference server that has some of its models.</summary>
public sealed class PlacedInferenceTests : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();
    private RunningServer server = null!;
    private EmbeddedRuntime runtime = null!;

    public async Task InitializeAsync()
    {
        server = await RunningServer.StartAsync();
        runtime = await EmbeddedRuntime.OpenAsync(
            new EmbeddedOptions { DataFolder = folder.Path, InferenceServers = new RemoteOptions { Servers = [server.Address], RoundDelay = TimeSpan.FromMilliseconds(1), Attempts = 2 } }, CancellationToken.None);
        await runtime.RegisterBundledModelsAsync(CancellationToken.None);
        await ((PlacedInference)runtime.Server).RefreshAsync(CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        await runtime.DisposeAsync();
        await server.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task What_the_servers_have_they_answer()
    {
        var answer = await AskAsync("topic", "The team won the cup");
        Assert.Equal("Sports", answer.Answers[0].Labels![0].Label);
        Assert.Equal(1, await RowsAsync("topic"));
        var status = Assert.Single(await runtime.Server.ListAsync(CancellationToken.None), status => status.Key.Name == "topic");
        Assert.Equal((ModelState.Ready, true), (status.State, status.Active));

        // What the servers let go of, this process answers.
        using var unloaded = await server.Client.PostAsync("/v2/repository/models/topic/unload", null);
        Assert.True(unloaded.IsSuccessStatusCode);
        var here = await AskAsync("topic", "Oil prices rose");
        Assert.Equal(("Business", answer.Model), (here.Answers[0].Labels![0].Label, here.Model));
        Assert.Equal(1, await RowsAsync("topic"));
    }

    [Fact]
    public async Task When_no_server_can_be_reached_this_process_answers()
    {
        var before = await AskAsync("sentiment", "a wonderful film");
        await server.DisposeAsync();
        var after = await AskAsync("sentiment", "a wonderful, moving film");
        Assert.Equal(before.Model, after.Model);
        Assert.Equal(before.Answers[0].Labels![0].Label, after.Answers[0].Labels![0].Label);
        Assert.NotEmpty(await runtime.Server.ListAsync(CancellationToken.None));
        var refused = await Assert.ThrowsAsync<ProblemException>(() => AskAsync("unknown", "x"));
        Assert.Equal("model-not-found", refused.Problem.Code);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_version_of_other_content_is_not_asked_of_the_servers(bool sameSizeAndLabels)
    {
        var key = (await AskAsync("topic", "one")).Model;
        await runtime.Models.DeleteModelAsync("topic", CancellationToken.None);
        await Assert.ThrowsAsync<ProblemException>(() => runtime.Server.UnloadAsync("topic", key.Version, CancellationToken.None));
        var files = Path.Combine(folder.Path, "other");
        Directory.CreateDirectory(files);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(RunningServer.Models, "topic")))
        {
            File.Copy(file, Path.Combine(files, Path.GetFileName(file)));
        }

        var card = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(files, "model-card.json")))!;
        card["version"] = key.Version;
        if (sameSizeAndLabels)
        {
            var graph = await File.ReadAllBytesAsync(Path.Combine(files, "model.onnx"));
            graph[graph.Length / 2] ^= 1;
            await File.WriteAllBytesAsync(Path.Combine(files, "model.onnx"), graph);
        }
        else
        {
            card["labels"]!.AsArray()[1] = "Games";
        }

        await File.WriteAllTextAsync(Path.Combine(files, "model-card.json"), card.ToJsonString());
        await runtime.Models.RegisterAsync(files, null, activate: true, CancellationToken.None);
        await ((PlacedInference)runtime.Server).RefreshAsync(CancellationToken.None);
        Assert.Equal(sameSizeAndLabels ? "Sports" : "Games", (await AskAsync("topic", "The team won the cup")).Answers[0].Labels![0].Label);
        Assert.Equal(1, await RowsAsync("topic"));
    }

    private Task<PredictionResult> AskAsync(string model, string text) =>
        runtime.Predictor.PredictAsync(model, null, [PredictionInput.OfText(text, null)], PredictionOptions.Default, CancellationToken.None);

    private async Task<long> RowsAsync(string model)
    {
        using var document = JsonDocument.Parse(await server.Client.GetStringAsync($"/v2/models/{model}/stats"));
        return document.RootElement.GetProperty("model_stats").EnumerateArray().Sum(stats => stats.GetProperty("inference_count").GetInt64());
    }
}
