using System.Globalization;
using AiAssignments.Core.Models;
using AiAssignments.Inference.Scoring;
using AiAssignments.Tests.InferenceTests.Support;
using AiAssignments.Tests.Support;

namespace AiAssignments.Tests.InferenceTests.Scoring;

public sealed class TaggingTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_word_is_tagged_at_its_first_token()
    {
        using var scorer = Tagger(16, 4);

        var prediction = (await scorer.ScoreAsync([Packages.Words(0, "5,6,7", "8", "9,10")], null, default))[0].Prediction!;

        // Positions count from 1 at the first special token: the words begin at 2, 5 and 6.
        Assert.Equal(3, prediction.Rows);
        Assert.Equal(Share(5, 2), prediction.Probabilities[0], 1e-6);
        Assert.Equal(Share(8, 5), prediction.Probabilities[2], 1e-6);
        Assert.Equal(Share(9, 6), prediction.Probabilities[4], 1e-6);
    }

    [Fact]
    public async Task A_long_sentence_is_read_in_windows_and_each_word_where_it_is_farthest_from_a_cut()
    {
        // Eight ids less two special ones: windows of 6, sharing 2, so they start at 0, 4, 8 and end at 6, 10, 14 of 14 words.
        using var scorer = Tagger(8, 2);
        var words = Enumerable.Range(0, 14).Select(i => (i + 3).ToString(CultureInfo.InvariantCulture)).ToArray();

        var prediction = (await scorer.ScoreAsync([Packages.Words(0, words)], null, default))[0].Prediction!;

        // Of the shared words 4 and 5, word 4 is 1 from the first window's end and 0 from the second's start: the first has it; word 5 goes to the second.
        int[] starts = [0, 0, 0, 0, 0, 4, 4, 4, 4, 8, 8, 8, 8, 8];
        for (var word = 0; word < words.Length; word++)
        {
            Assert.Equal(Share(word + 3, word - starts[word] + 2), prediction.Probabilities[word * 2], 1e-6);
        }
    }

    [Fact]
    public async Task A_word_without_a_token_is_outside_and_an_empty_sentence_is_an_error()
    {
        using var scorer = Tagger(16, 4);

        var scored = await scorer.ScoreAsync([Packages.Words(0, "5", "-", "6"), Packages.Words(1), Packages.Words(2, "-", "-")], null, default);

        Assert.Equal([1f, 0f], scored[0].Prediction!.Probabilities[2..4]);
        Assert.Equal(Share(6, 3), scored[0].Prediction!.Probabilities[4], 1e-6);
        Assert.Equal("sentence-empty", scored[1].Error!.Code);
        Assert.Equal([1f, 0f, 1f, 0f], scored[2].Prediction!.Probabilities);
    }

    [Fact]
    public async Task Several_ids_make_one_position()
    {
        var package = Packages.Open(folder, TinyGraphs.HashingTagger(3, 2), Packages.Card(ModelTask.TokenClassification, 2, 12, 3));
        using var scorer = ModelScorer.Create(package, new NumberTokenizer(3));

        // Seven words of three ids: more than twelve ids, so that windows of four words are cut, too.
        string[] words = ["3,4,5", "6,7,8", "9,10,11", "12,13,14", "15,16,17", "18,19,20", "21,22,23"];
        var scored = await scorer.ScoreAsync([Packages.Words(0, words), Packages.Words(1, "30,31,32")], null, default);

        for (var word = 0; word < words.Length; word++)
        {
            Assert.Equal(Sum(3 + (3 * word)), scored[0].Prediction!.Probabilities[word * 2], 1e-5);
        }

        Assert.Equal(Sum(30), scored[1].Prediction!.Probabilities[0], 1e-5);
    }

    [Theory]
    [InlineData(1, 6, 2)]
    [InlineData(50, 6, 5)]
    [InlineData(50, 1, 0)]
    [InlineData(6, 6, 2)]
    [InlineData(7, 6, 2)]
    public void Windows_cover_every_position_within_their_capacity(int positions, int capacity, int overlap)
    {
        var plan = new WindowPlan(positions, capacity, overlap);

        Assert.All(Enumerable.Range(0, plan.Count), window => Assert.InRange(plan.End(window) - plan.Start(window), 1, capacity));
        Assert.Equal(positions, plan.End(plan.Count - 1));
        Assert.All(Enumerable.Range(0, positions), position => Assert.InRange(position, plan.Start(plan.Owner(position)), plan.End(plan.Owner(position)) - 1));
    }

    [Fact]
    public void The_owner_is_the_first_of_all_windows_in_which_a_position_is_farthest_from_a_cut()
    {
        for (var positions = 1; positions < 40; positions++)
        {
            for (var capacity = 1; capacity < 12; capacity++)
            {
                for (var overlap = 0; overlap < capacity; overlap++)
                {
                    var plan = new WindowPlan(positions, capacity, overlap);
                    for (var position = 0; position < positions; position++)
                    {
                        var owner = Enumerable.Range(0, plan.Count)
                            .Where(window => position >= plan.Start(window) && position < plan.End(window))
                            .MaxBy(window => Math.Min(
                                plan.Start(window) == 0 ? int.MaxValue : position - plan.Start(window),
                                plan.End(window) == positions ? int.MaxValue : plan.End(window) - 1 - position));

                        Assert.Equal(owner, plan.Owner(position));
                    }
                }
            }
        }
    }

    [Fact]
    public void A_sentence_of_fifty_thousand_words_in_windows_of_two_is_cut_in_one_pass()
    {
        // Looking at every window for every word of every window would be 10^14 steps here.
        var words = Enumerable.Repeat("5", SentenceLimits.MostWords).ToArray();
        var items = new List<SequenceItem>();

        new SentenceEncoder(new NumberTokenizer(), new("wordpiece", 4, 2), 4).Encode(0, words, new(), items, default);

        Assert.DoesNotContain(items, item => item.Ids.Length is < 3 or > 4);
        Assert.Equal(Enumerable.Range(0, words.Length), items.SelectMany(item => item.Words!).Select(slot => slot.Word));
    }

    [Fact]
    public void Cancelling_stops_between_windows_and_records()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        var items = new List<SequenceItem>();
        var words = Enumerable.Repeat("5", 100).ToArray();
        Assert.Throws<OperationCanceledException>(() => new SentenceEncoder(new NumberTokenizer(), new("wordpiece", 4), 4).Encode(0, words, new(), items, source.Token));

        var encoder = new RecordEncoder(Packages.Card(ModelTask.TokenClassification, 2), new NumberTokenizer(), 16);
        Assert.Throws<OperationCanceledException>(() => encoder.Encode([Packages.Words(0, "5")], source.Token));
    }

    [Fact]
    public void Windows_share_at_most_half_whatever_the_card_says()
    {
        var items = new List<SequenceItem>();

        new SentenceEncoder(new NumberTokenizer(), new("wordpiece", 102, 99), 102).Encode(0, Enumerable.Repeat("5", 1000).ToArray(), new(), items, default);

        // Windows of 100 that begin 50 apart; with the card's 99 they would be 901.
        Assert.Equal(19, items.Count);
    }

    [Fact]
    public async Task A_sentence_of_too_many_words_is_an_error_of_its_own()
    {
        using var scorer = Tagger(16, 4);

        var scored = await scorer.ScoreAsync([Packages.Words(0, [.. Enumerable.Repeat("5", SentenceLimits.MostWords + 1)]), Packages.Words(1, "5")], null, default);

        Assert.Equal("sentence-too-long", scored[0].Error!.Code);
        Assert.NotNull(scored[1].Prediction);
        Assert.Equal("sentence-too-long", SentenceLimits.Refuse(Packages.Words(0, [.. Enumerable.Repeat("5", 20_000)]), 4096)!.Code);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public async Task A_sentence_with_logits_that_are_not_finite_is_an_error_of_its_own(float broken)
    {
        using var scorer = ModelScorer.Create(
            Packages.Open(folder, TinyGraphs.Tagger(33, broken), Packages.Card(ModelTask.TokenClassification, 2)), new NumberTokenizer());

        var scored = await scorer.ScoreAsync([Packages.Words(0, "5", "6"), Packages.Words(1, "5", "33"), Packages.Words(2, "7")], null, default);

        Assert.Equal("logits-not-finite", scored[1].Error!.Code);
        Assert.All([scored[0], scored[2]], fine => Assert.NotNull(fine.Prediction));
    }

    private static double Share(int id, int place) => Logistic(TinyGraphs.Logit(id, 0) - (0.1 * place));

    private static double Sum(int first) => Logistic(Enumerable.Range(first, 3).Sum(id => (double)TinyGraphs.Logit(id, 0) - TinyGraphs.Logit(id, 1)));

    private static double Logistic(double x) => 1 / (1 + Math.Exp(-x));

    private ModelScorer Tagger(int maxLength, int stride) =>
        ModelScorer.Create(Packages.Open(folder, TinyGraphs.Tagger(), Packages.Card(ModelTask.TokenClassification, 2, maxLength, stride)), new NumberTokenizer());
}
