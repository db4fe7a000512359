using AiAssignments.Core.Errors;
using AiAssignments.Inference.Serving;
using AiAssignments.Pipeline.Predictions;
using AiAssignments.Tests.Pipeline;

namespace AiAssignments.Tests.Serving;

public sealed class PredictorTests : IAsyncLifetime
{
    private PipelineFixture pipeline = null!;

    private IPredictor Predictor => pipeline.Runtime.Predictor;

    public async Task InitializeAsync()
    {
        pipeline = await PipelineFixture.OpenAsync();
        foreach (var name in new[] { "topic", "entity", "fashion" })
        {
            await pipeline.ModelAsync(name);
        }
    }

    public async Task DisposeAsync() => await pipeline.DisposeAsync();

    [Fact]
    public async Task Registered_models_answer_texts_words_and_images()
    {
        var topic = await Predictor.PredictAsync("topic", null, [PredictionInput.OfText("The team won the cup", null), PredictionInput.OfText("Oil prices rose", null)], new() { TopK = 2, Logits = true }, default);
        Assert.Equal("topic", topic.Model.Name);
        Assert.Equal(["Sports", "Business"], topic.Answers.Select(answer => answer.Labels![0].Label));
        Assert.All(topic.Answers, answer => Assert.Equal((2, 4), (answer.Labels!.Count, answer.Logits!.Count)));
        Assert.True(topic.Timing.Inference > TimeSpan.Zero);

        var entity = await Predictor.PredictAsync("entity", null, [PredictionInput.OfText("Anna Smith flew to Paris", null)], PredictionOptions.Default, default);
        Assert.Equal(("Paris", "B-LOC"), (entity.Answers[0].Tags![4].Word, entity.Answers[0].Tags![4].Label));
        Assert.Null(entity.Answers[0].Logits);

        var image = await Predictor.PredictAsync("fashion", null, [PredictionInput.OfImage(new byte[5])], PredictionOptions.Default, default);
        Assert.Equal("image-undecodable", image.Answers[0].Error!.Code);
    }

    [Fact]
    public async Task Inputs_that_do_not_fit_are_refused_with_the_task()
    {
        foreach (var (name, input) in new[] { ("fashion", PredictionInput.OfText("x", null)), ("topic", PredictionInput.OfImage(new byte[5])), ("entity", PredictionInput.OfImage(new byte[5])), ("topic", new(null, null, null)) })
        {
            for (var again = 0; again < 2; again++)
            {
                var refused = await Assert.ThrowsAsync<ProblemException>(() => Predictor.PredictAsync(name, null, [input], PredictionOptions.Default, default));
                Assert.Equal("input-unfit", refused.Problem.Code);
            }
        }

        Assert.Equal("option-out-of-range", (await Assert.ThrowsAsync<ProblemException>(() => Predictor.PredictAsync("topic", null, [PredictionInput.OfText("x", null)], new() { TopK = 0 }, default))).Problem.Code);
        Assert.Equal("model-not-found", (await Assert.ThrowsAsync<ProblemException>(() => Predictor.PredictAsync("../topic", null, [PredictionInput.OfText("x", null)], PredictionOptions.Default, default))).Problem.Code);
        Assert.Equal("deadline-exceeded", (await Assert.ThrowsAsync<ProblemException>(() => Predictor.PredictAsync("topic", null, [PredictionInput.OfText("x", null)], new() { Timeout = TimeSpan.Zero }, default))).Problem.Code);
    }

    [Fact]
    public async Task The_server_lists_what_is_registered()
    {
        var before = await pipeline.Runtime.Server.ListAsync(default);
        Assert.All(before, status => Assert.Equal((ModelState.Available, true), (status.State, status.Active)));
        await Predictor.PredictAsync("topic", null, [PredictionInput.OfText("x", null)], PredictionOptions.Default, default);

        var ready = Assert.Single(await pipeline.Runtime.Server.ListAsync(default), status => status.State == ModelState.Ready);

        Assert.Equal(("topic", "CPU"), (ready.Key.Name, ready.ExecutionProvider));
        Assert.NotNull(ready.Card);
        Assert.NotNull(ready.Signature);
    }
}
