using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Models;
using AiAssignments.Inference.Scoring;
using AiAssignments.Inference.Tokenization;
using AiAssignments.Inference.Tokenization.Hashing;
using AiAssignments.Tests.InferenceTests.Support;
using AiAssignments.Tests.Support;
using DataType = AiAssignments.Onnx.TensorProto.Types.DataType;

namespace AiAssignments.Tests.InferenceTests.Scoring;

public sealed class TextScoringTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    public static TheoryData<DataType, int?, int?> Shapes => new()
    {
        { DataType.Int64, null, null },
        { DataType.Int32, null, null },
        { DataType.Int64, 4, null },
        { DataType.Int64, null, 16 },
        { DataType.Int32, 3, 16 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Probabilities_are_those_of_each_text_alone(DataType type, int? batch, int? length)
    {
        using var scorer = Open(TinyGraphs.Text(3, type, batch, length));
        var records = Packages.RandomTexts(101, 14, 1);
        var rows = 0;

        var scored = await scorer.ScoreAsync(records, (count, _) => Interlocked.Add(ref rows, count), default);

        Assert.Equal(101, rows);
        for (var i = 0; i < records.Count; i++)
        {
            Assert.Same(records[i], scored[i].Record);
            var expected = Expected(((TextRecord)records[i]).Text);
            for (var label = 0; label < 3; label++)
            {
                Assert.Equal(expected[label], scored[i].Prediction!.Probabilities[label], 1e-5);
            }
        }
    }

    [Fact]
    public async Task The_same_shard_gives_the_same_bits_whatever_runs_beside_it()
    {
        using var scorer = Open(TinyGraphs.Text());
        var shards = Enumerable.Range(0, 6).Select(seed => Packages.RandomTexts(150, 14, seed)).ToList();
        var alone = new List<float[]>();
        foreach (var shard in shards)
        {
            alone.Add(Flat(await scorer.ScoreAsync(shard, null, default)));
        }

        var together = await Task.WhenAll(shards.AsEnumerable().Reverse().Select(shard => scorer.ScoreAsync(shard, null, default)));

        for (var i = 0; i < shards.Count; i++)
        {
            Assert.Equal(alone[i], Flat(together[shards.Count - 1 - i]));
        }
    }

    [Fact]
    public async Task Long_texts_are_cut_and_said_to_be()
    {
        using var scorer = Open(TinyGraphs.Text());

        var scored = await scorer.ScoreAsync([Packages.Text(0, string.Join(' ', Enumerable.Repeat("9", 40))), Packages.Text(1, "9")], null, default);

        Assert.True(scored[0].Prediction!.Truncated);
        Assert.False(scored[1].Prediction!.Truncated);
        Assert.Equal(Expected(string.Join(' ', Enumerable.Repeat("9", 14)))[1], scored[0].Prediction!.Probabilities[1], 1e-5);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public async Task A_record_with_logits_that_are_not_finite_is_an_error_of_its_own(float broken)
    {
        using var scorer = Open(TinyGraphs.Text(brokenId: 33, broken: broken));

        var scored = await scorer.ScoreAsync([Packages.Text(0, "5 6"), Packages.Text(1, "5 33"), Packages.Text(2, "7 8")], null, default);

        Assert.Equal("logits-not-finite", scored[1].Error!.Code);
        Assert.Null(scored[1].Prediction);
        Assert.Equal(1, scored[1].Error!.Position.Index);
        Assert.All([scored[0], scored[2]], fine => Assert.NotNull(fine.Prediction));
    }

    [Fact]
    public async Task Labels_that_only_the_run_shows_are_held_against_the_card()
    {
        using var scorer = Open(TinyGraphs.Text(4, declared: "labels"));

        var refused = await Assert.ThrowsAsync<ProblemException>(() => scorer.ScoreAsync([Packages.Text(0, "5")], null, default));

        Assert.Equal("model-label-count", refused.Problem.Code);
    }

    [Fact]
    public async Task An_id_outside_the_vocabulary_is_a_problem_and_not_a_crash()
    {
        using var scorer = Open(TinyGraphs.Text());

        var refused = await Assert.ThrowsAsync<ProblemException>(() => scorer.ScoreAsync([Packages.Text(0, "99999")], null, default));

        Assert.Equal("inference-failed", refused.Problem.Code);
    }

    [Fact]
    public async Task Records_of_another_task_are_refused()
    {
        using var scorer = Open(TinyGraphs.Text());

        var refused = await Assert.ThrowsAsync<ProblemException>(() => scorer.ScoreAsync([Packages.Words(0, "5")], null, default));

        Assert.Equal("record-task-mismatch", refused.Problem.Code);
    }

    [Fact]
    public async Task Cancelling_stops()
    {
        using var scorer = Open(TinyGraphs.Text());
        using var source = new CancellationTokenSource();
        var batches = 0;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => scorer.ScoreAsync(
            Packages.RandomTexts(5000, 14, 1),
            (_, _) =>
            {
                Interlocked.Increment(ref batches);
                source.Cancel();
            },
            source.Token));

        Assert.InRange(batches, 1, AiAssignments.Inference.Runtime.Cores.Physical);
    }

    [Fact]
    public async Task No_records_give_no_predictions()
    {
        using var scorer = Open(TinyGraphs.Text());

        Assert.Empty(await scorer.ScoreAsync([], null, default));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(16)]
    public async Task A_text_without_tokens_is_one_position_of_padding_whatever_is_beside_it(int? length)
    {
        var package = Packages.Open(folder, TinyGraphs.Text(length: length), Packages.Card(ModelTask.TextClassification, 3));
        ITokenizer[] tokenizers = [new NumberTokenizer(bare: true), new HashedNGramTokenizer(new(TinyGraphs.Vocabulary, 1, 0, 0, 0))];
        foreach (var tokenizer in tokenizers)
        {
            using var scorer = ModelScorer.Create(package, tokenizer);

            var alone = await scorer.ScoreAsync([Packages.Text(0, string.Empty)], null, default);
            var beside = await scorer.ScoreAsync([Packages.Text(0, "5 6 7 8 9"), Packages.Text(1, string.Empty)], null, default);

            // The padding id is 0: its row of the table is what the model says.
            var logits = Enumerable.Range(0, 3).Select(label => Math.Exp(TinyGraphs.Logit(0, label))).ToArray();
            for (var label = 0; label < 3; label++)
            {
                Assert.Equal(logits[label] / logits.Sum(), alone[0].Prediction!.Probabilities[label], 1e-6);
                Assert.Equal(logits[label] / logits.Sum(), beside[1].Prediction!.Probabilities[label], 1e-6);
            }
        }
    }

    [Fact]
    public void Options_and_tokenizers_that_cannot_work_are_refused_before_the_graph_is_opened()
    {
        var package = Packages.Open(folder, TinyGraphs.Text(length: 3), Packages.Card(ModelTask.TextClassification, 3));
        string Refuse(ITokenizer tokenizer, int threads) => Packages.Refused(
            () => ModelScorer.Create(package, tokenizer, new() { Runtime = new() { IntraOpThreads = threads } })).Code;

        Assert.Equal("runtime-option", Refuse(new NumberTokenizer(), -4));
        Assert.Equal("runtime-option", Refuse(new NumberTokenizer(), 1025));

        // A pair's three special tokens fill the graph's three ids.
        Assert.Equal("tokenizer-does-not-fit", Refuse(new NumberTokenizer(specialsInPair: 3), 1));
        Assert.Equal("tokenizer-does-not-fit", Refuse(new NumberTokenizer(specialsInPair: 65), 1));
        ModelScorer.Create(package, new NumberTokenizer()).Dispose();
    }

    private static float[] Flat(IReadOnlyList<ScoredRecord> scored) => [.. scored.SelectMany(one => one.Prediction!.Probabilities)];

    private static double[] Expected(string text)
    {
        int[] ids = [1, .. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse), 2];
        var logits = Enumerable.Range(0, 3).Select(label => ids.Sum(id => (double)TinyGraphs.Logit(id, label))).ToArray();
        var sum = logits.Sum(Math.Exp);
        return [.. logits.Select(logit => Math.Exp(logit) / sum)];
    }

    private ModelScorer Open(AiAssignments.Onnx.ModelProto model) =>
        ModelScorer.Create(Packages.Open(folder, model, Packages.Card(ModelTask.TextClassification, 3)), new NumberTokenizer());
}
