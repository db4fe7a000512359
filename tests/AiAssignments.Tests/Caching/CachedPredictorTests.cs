using AiAssignments.Core.Errors;
using AiAssignments.Inference.Serving;
using AiAssignments.Pipeline.Caching;
using AiAssignments.Pipeline.Predictions;

namespace AiAssignments.Tests.Caching;

public sealed class CachedPredictorTests
{
    [Fact]
    public async Task The_second_ask_is_answered_without_the_model()
    {
        using var fixture = await CacheFixture.WithModelAsync();
        var first = await fixture.AskAsync("a");
        var second = await fixture.AskAsync("a");
        Assert.Equal((0, 1, 1), (first.Cached, second.Cached, fixture.Inner.CallCount));
        Assert.Equal(TimeSpan.FromMilliseconds(3), first.Timing.Inference);
        Assert.Equal(default, second.Timing);
        Assert.Equal(new ModelKey("m", "1"), second.Model);
        Assert.Equal(first.Answers[0].Labels, second.Answers[0].Labels);
        Assert.Equal(5, second.Answers[0].Labels!.Count);
    }

    [Fact]
    public async Task Callers_who_want_fewer_labels_share_an_entry()
    {
        using var fixture = await CacheFixture.WithModelAsync();
        foreach (var wanted in (int[])[3, 1, 8, 5])
        {
            var result = await fixture.AskAsync(new PredictionOptions { TopK = wanted }, null, ["a"], CancellationToken.None);
            Assert.Equal(Enumerable.Range(0, wanted).Select(i => $"a-{i}"), result.Answers[0].Labels!.Select(label => label.Label));
        }

        Assert.Equal(8, Assert.Single(fixture.Inner.Calls).Options.TopK);
        Assert.Equal(9, (await fixture.AskAsync(new PredictionOptions { TopK = 9 }, null, ["a"], CancellationToken.None)).Answers[0].Labels!.Count);
        await fixture.AskAsync(new PredictionOptions { Logits = true }, null, ["a"], CancellationToken.None);
        Assert.Equal(3, fixture.Inner.CallCount);
    }

    [Fact]
    public async Task Only_what_is_missing_goes_to_the_model_in_one_call()
    {
        using var fixture = await CacheFixture.WithModelAsync();
        await fixture.AskAsync("a", "b");
        var result = await fixture.AskAsync("c", "b", "d", "c", "a");
        Assert.Equal(2, result.Cached);
        Assert.Equal(["c-0", "b-0", "d-0", "c-0", "a-0"], result.Answers.Select(answer => answer.Labels![0].Label));
        Assert.Equal([["a", "b"], ["c", "d"]], fixture.Inner.Calls.Select(call => call.Texts));
    }

    [Fact]
    public async Task Errors_of_single_inputs_are_not_kept_and_their_neighbours_are()
    {
        using var fixture = await CacheFixture.WithModelAsync();
        fixture.Inner.Answer = (input, topK) => input.Text == "bad" ? new PredictionAnswer(null, null, false, new Problem("record-bad", "no")) : ScriptedPredictor.AnswerOf(input, topK);
        Assert.Equal("record-bad", (await fixture.AskAsync("good", "bad")).Answers[1].Error!.Code);
        Assert.Equal("record-bad", (await fixture.AskAsync("good", "bad")).Answers[1].Error!.Code);
        Assert.Equal([["good", "bad"], ["bad"]], fixture.Inner.Calls.Select(call => call.Texts));
    }

    [Fact]
    public async Task What_is_refused_is_refused_in_the_predictors_words_with_the_callers_position()
    {
        using var fixture = await CacheFixture.WithModelAsync();
        await fixture.AskAsync("a");
        PredictionInput[] inputs = [PredictionInput.OfText("a", null), PredictionInput.OfText("b", null), new PredictionInput(null, null, null)];
        var unfit = await Assert.ThrowsAsync<ProblemException>(() => fixture.Predictor.PredictAsync("m", null, inputs, PredictionOptions.Default, CancellationToken.None));
        Assert.Equal(("input-unfit", "input 2"), (unfit.Problem.Code, unfit.Problem.Where));
        var range = await Assert.ThrowsAsync<ProblemException>(() => fixture.AskAsync(new PredictionOptions { TopK = 0 }, null, ["a"], CancellationToken.None));
        Assert.Equal("option-out-of-range", range.Problem.Code);
        await fixture.Predictor.PredictAsync("unknown", null, inputs[..1], PredictionOptions.Default, CancellationToken.None);
        await fixture.Predictor.PredictAsync("unknown", null, inputs[..1], PredictionOptions.Default, CancellationToken.None);
        Assert.Equal(2, fixture.Inner.Calls.Count(call => call.Name == "unknown"));
    }

    [Fact]
    public async Task A_promotion_counts_at_once_and_what_was_kept_of_the_old_version_is_still_good()
    {
        using var fixture = await CacheFixture.WithModelAsync();
        await fixture.AskAsync("a");
        await fixture.RegisterAsync("m", "1", active: false);
        await fixture.RegisterAsync("m", "2", active: true);
        fixture.Inner.Active = "2";
        Assert.Equal((new ModelKey("m", "2"), 0), ModelAndCached(await fixture.AskAsync("a")));
        Assert.Equal((new ModelKey("m", "1"), 1), ModelAndCached(await fixture.AskAsync(PredictionOptions.Default, "1", ["a"], CancellationToken.None)));

        await fixture.RegisterAsync("m", "2", active: false);
        await fixture.RegisterAsync("m", "1", active: true);
        Assert.Equal((new ModelKey("m", "1"), 1), ModelAndCached(await fixture.AskAsync("a")));
        Assert.Equal(2, fixture.Inner.CallCount);
    }

    [Fact]
    public async Task A_version_registered_anew_with_other_content_has_no_entries_of_the_old()
    {
        using var fixture = await CacheFixture.WithModelAsync();
        await fixture.AskAsync("a");
        await fixture.RegisterAsync("m", "1", active: true, hash: "sha256:99");
        Assert.Equal(0, (await fixture.AskAsync("a")).Cached);
    }

    [Fact]
    public async Task While_the_old_version_still_serves_its_answers_are_passed_on_but_not_kept_as_the_new_ones()
    {
        using var fixture = await CacheFixture.WithModelAsync();
        await fixture.RegisterAsync("m", "1", active: false);
        await fixture.RegisterAsync("m", "2", active: true);
        Assert.Equal((new ModelKey("m", "1"), 0), ModelAndCached(await fixture.AskAsync("a")));
        fixture.Inner.Active = "2";
        Assert.Equal((new ModelKey("m", "2"), 0), ModelAndCached(await fixture.AskAsync("a")));
        Assert.Equal((new ModelKey("m", "2"), 1), ModelAndCached(await fixture.AskAsync("a")));

        // Something kept of version 2 and something new of version 1 are not mixed in one answer.
        fixture.Inner.Active = "1";
        var mixed = await fixture.AskAsync("a", "b");
        Assert.Equal((new ModelKey("m", "1"), 0), ModelAndCached(mixed));
        Assert.Equal(["a", "b"], fixture.Inner.Calls[^1].Texts);
    }

    [Fact]
    public async Task Which_version_is_active_is_asked_once()
    {
        using var fixture = await CacheFixture.WithModelAsync();
        for (var i = 0; i < 20; i++)
        {
            await fixture.AskAsync($"text {i}");
        }

        Assert.Equal((1, 0), (fixture.Counting.Queries, fixture.Counting.Reads));
    }

    [Fact]
    public async Task Entries_end_with_their_lifetime()
    {
        using var fixture = await CacheFixture.WithModelAsync(options: new CacheOptions { PredictionLifetime = TimeSpan.FromMilliseconds(200) });
        await fixture.AskAsync("a");
        await Eventually.HoldsAsync(async () => (await fixture.AskAsync("a")).Cached == 0);
        Assert.Equal(2, fixture.Inner.CallCount);
    }

    [Fact]
    public async Task Memory_is_bounded()
    {
        using var fixture = await CacheFixture.WithModelAsync(options: new CacheOptions { PredictionBytes = 64 << 10 });
        var texts = Enumerable.Range(0, 500).Select(i => $"text {i}").ToArray();
        await fixture.AskAsync(texts);
        await fixture.AskAsync(texts);
        var answer = ScriptedPredictor.AnswerOf(PredictionInput.OfText("text 1", null), 8);
        var most = (64 << 10) / AnswerStore.SizeOf(answer);
        Assert.InRange(500 - fixture.Inner.Calls[1].Inputs.Count, 1, most);
    }

    [Fact]
    public void Settings_out_of_range_are_refused_by_name()
    {
        var refused = Assert.Throws<ProblemException>(() => new PipelineCaches(new CacheOptions { PredictionLifetime = TimeSpan.Zero }, null, TimeProvider.System));
        Assert.Equal(("option-out-of-range", "caches.PredictionLifetime"), (refused.Problem.Code, refused.Problem.Where));
        Assert.Throws<ProblemException>(() => new CacheOptions { PredictionBytes = 1 }.Check());
        Assert.Throws<ProblemException>(() => new CacheOptions { QueryDocuments = 0 }.Check());
        Assert.Throws<ProblemException>(() => new CacheOptions { SharedTimeout = TimeSpan.FromMinutes(1) }.Check());
    }

    private static (ModelKey Model, int Cached) ModelAndCached(PredictionResult result) => (result.Model, result.Cached);
}
