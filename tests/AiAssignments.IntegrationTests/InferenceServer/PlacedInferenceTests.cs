using System.Text.Json;
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

        await runtime.Server.UnloadAsync("topic", null, CancellationToken.None);
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

    private Task<PredictionResult> AskAsync(string model, string text) =>
        runtime.Predictor.PredictAsync(model, null, [PredictionInput.OfText(text, null)], PredictionOptions.Default, CancellationToken.None);

    private async Task<long> RowsAsync(string model)
    {
        using var document = JsonDocument.Parse(await server.Client.GetStringAsync($"/v2/models/{model}/stats"));
        return document.RootElement.GetProperty("model_stats").EnumerateArray().Sum(stats => stats.GetProperty("inference_count").GetInt64());
    }
}
