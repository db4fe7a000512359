using AiAssignments.Core.Errors;
using AiAssignments.Core.Evaluations;
using AiAssignments.Core.Models;
using AiAssignments.Core.Randomness;
using AiAssignments.Evaluation.Metrics.Comparison;
using AiAssignments.Evaluation.Results;
using AiAssignments.Tests.Metrics.Shards;

namespace AiAssignments.Tests.Metrics.Comparison;

public sealed class PairedComparisonTests
{
    [Fact]
    public async Task A_real_difference_is_said_plainly()
    {
        // A alone right on 10, B alone on 40, both on 430, none on 20.
        var (a, b) = Pair(430, 10, 40, 20);
        var result = await Compare(a, b);
        Assert.Equal((500, 430, 10, 40, 20), (result.Paired, result.BothRight, result.OnlyA, result.OnlyB, result.BothWrong));
        var accuracy = result.Differences[0];
        Assert.Equal("mcnemar-exact", accuracy.Test);
        Assert.Equal(0.06, accuracy.Difference.Value!.Value, 1e-12);

        // scipy.stats.binomtest(10, 50).pvalue
        Assert.Equal(2.3861331676755526e-05, accuracy.PValue!.Value, 1e-15);
        Assert.StartsWith("B is better: accuracy +6.0 points (95 % interval ", result.Verdict, StringComparison.Ordinal);
        Assert.EndsWith(", p < 0.001, on 500 records.", result.Verdict, StringComparison.Ordinal);
        Assert.Equal("macro F1", result.Differences[1].Metric);
        Assert.True(result.Differences[1].PValue < 0.01);
    }

    [Fact]
    public async Task A_difference_that_may_be_chance_is_not_called_one()
    {
        var (a, b) = Pair(430, 28, 30, 12);
        var result = await Compare(a, b);
        Assert.StartsWith("No difference can be shown: accuracy +0.4 points (95 % interval -", result.Verdict, StringComparison.Ordinal);
        Assert.True(result.Differences[0].Difference.Lower < 0 && result.Differences[0].Difference.Upper > 0);
    }

    [Fact]
    public async Task Turning_the_models_round_turns_the_result_round()
    {
        var (a, b) = Pair(200, 30, 10, 20);
        var (there, back) = (await Compare(a, b), await Compare(b, a));
        Assert.StartsWith("A is better", there.Verdict, StringComparison.Ordinal);
        Assert.StartsWith("B is better", back.Verdict, StringComparison.Ordinal);
        Assert.Equal(there.Differences[0].PValue, back.Differences[0].PValue);
        Assert.Equal(there.Differences[0].Difference.Lower!.Value, -back.Differences[0].Difference.Upper!.Value, 1e-12);
        Assert.Equal(there.Differences[1].Difference.Value!.Value, -back.Differences[1].Difference.Value!.Value, 1e-12);
    }

    [Fact]
    public async Task A_model_against_itself_differs_in_nothing()
    {
        var (a, _) = Pair(50, 10, 5, 5);
        var result = await Compare(a, a);
        Assert.All(result.Differences, difference => Assert.Equal((0.0, 1.0), (difference.Difference.Value, difference.PValue)));
        Assert.StartsWith("No difference can be shown", result.Verdict, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Records_of_one_side_alone_are_counted_and_left_out()
    {
        var (a, b) = Pair(20, 3, 2, 1);
        a.RemoveAt(4);
        b.RemoveRange(10, 2);
        b[^1] = b[^1] with { Truth = null };
        a[^1] = a[^1] with { Truth = null };
        var result = await Compare(a, b);
        Assert.Equal(22, result.Paired);
        Assert.Contains("Records scored in A alone, left out: 2.", result.Notes);
        Assert.Contains("Records scored in B alone, left out: 1.", result.Notes);
        Assert.Contains("Records without a label, left out: 1.", result.Notes);
    }

    [Fact]
    public async Task Different_labels_or_order_are_refused()
    {
        var (a, b) = Pair(5, 1, 1, 1);
        b[3] = b[3] with { Truth = "other" };
        Assert.Equal("comparison-labels-differ", (await Assert.ThrowsAsync<ProblemException>(() => Compare(a, b))).Problem.Code);
        (a, b) = Pair(5, 1, 1, 1);
        b.Reverse();
        Assert.Equal("rows-unordered", (await Assert.ThrowsAsync<ProblemException>(() => Compare(a, b))).Problem.Code);
    }

    [Fact]
    public async Task Nothing_in_common_says_nothing()
    {
        var result = await Compare([], []);
        Assert.Contains("share no labelled record", result.Verdict, StringComparison.Ordinal);
        Assert.Null(result.Differences[0].Difference.Value);
    }

    [Fact]
    public async Task Taggings_compare_by_entity_f1()
    {
        // B finds what A misses in most sentences.
        List<PredictionRow> Rows(Func<int, bool> finds) =>
        [
            .. Enumerable.Range(0, 120).Select(i => SampleRows.Tagged(i, ["B-PER", "I-PER", "O"], finds(i) ? ["B-PER", "I-PER", "O"] : ["O", "O", "O"])),
        ];
        var (a, b) = (Rows(i => i % 3 == 0), Rows(i => i % 5 != 0));
        var shape = SampleRows.Shape(ModelTask.TokenClassification);
        var result = await PairedComparison.CompareAsync(SampleRows.Result(shape, a), Stream(a), SampleRows.Result(shape, b), Stream(b));
        var f1 = result.Differences[0];
        Assert.Equal(("entity F1", "paired-bootstrap"), (f1.Metric, f1.Test));
        Assert.Equal(2.0 * 40 / 160, f1.A!.Value, 1e-12);
        Assert.Equal(2.0 * 96 / 216, f1.B!.Value, 1e-12);

        // No resample of 100 lies on the other side: the least p-value there is, 2/101.
        Assert.Equal(2 / 101.0, f1.PValue!.Value, 1e-12);
        Assert.True(f1.Difference.Lower > 0.2);
        Assert.StartsWith("B is better: entity F1 +38.9 points", result.Verdict, StringComparison.Ordinal);
        Assert.Equal(32, result.BothRight);
    }

    [Theory]
    [InlineData(3, false)]
    [InlineData(400, false)]
    [InlineData(3, true)]
    public async Task Few_sentences_tell_little_even_where_all_agree(int sentences, bool differs)
    {
        List<PredictionRow> Rows(bool finds) => [.. Enumerable.Range(0, sentences).Select(i => SampleRows.Tagged(i, ["B-PER", "B-LOC"], ["B-PER", finds ? "B-LOC" : "O"]))];
        var (a, b) = (Rows(true), Rows(!differs));
        var shape = SampleRows.Shape(ModelTask.TokenClassification);
        var result = await PairedComparison.CompareAsync(SampleRows.Result(shape, a), Stream(a), SampleRows.Result(shape, b), Stream(b));

        // Every resample is the data itself. Wilson's interval of n of n begins at n / (n + z^2), z = 1.959964 (Wilson 1927).
        var reach = 1 - (sentences / (sentences + (1.959964 * 1.959964)));
        var (value, f1) = (differs ? (2.0 / 3) - 1 : 0, result.Differences[0].Difference);
        Assert.Equal(value, f1.Value!.Value, 1e-12);
        Assert.Equal(Math.Max(-1, value - reach), f1.Lower!.Value, 1e-6);
        Assert.Equal(Math.Min(1, value + reach), f1.Upper!.Value, 1e-6);
    }

    [Fact]
    public async Task A_tagging_and_a_classification_are_refused()
    {
        var a = SampleRows.Result(SampleRows.Shape(ModelTask.TextClassification), []);
        var b = SampleRows.Result(SampleRows.Shape(ModelTask.TokenClassification), []);
        var problem = await Assert.ThrowsAsync<ProblemException>(() => PairedComparison.CompareAsync(a, Stream([]), b, Stream([])));
        Assert.Equal("comparison-tasks-differ", problem.Problem.Code);
    }

    [Fact]
    public async Task Paired_bootstrap_of_macro_f1_holds_its_level_and_covers()
    {
        // Two models that err independently at the same rate: the true difference is none.
        var random = new Xoshiro256(31);
        var (covered, rejected) = (0, 0);
        const int Trials = 200;
        for (var trial = 0; trial < Trials; trial++)
        {
            var (a, b) = (new List<PredictionRow>(), new List<PredictionRow>());
            for (var i = 0; i < 150; i++)
            {
                var truth = i % 3 == 0 ? "yes" : "no";
                a.Add(SampleRows.Classified(i, truth, random.Next() % 5 == 0 ? Other(truth) : truth));
                b.Add(SampleRows.Classified(i, truth, random.Next() % 5 == 0 ? Other(truth) : truth));
            }

            var f1 = (await Compare(a, b, (ulong)trial)).Differences[1];
            covered += f1.Difference.Lower <= 0 && 0 <= f1.Difference.Upper ? 1 : 0;
            rejected += f1.PValue < 0.05 ? 1 : 0;
        }

        Assert.InRange(covered / (double)Trials, 0.90, 0.99);
        Assert.InRange(rejected / (double)Trials, 0.01, 0.10);
    }

    private static string Other(string label) => label == "yes" ? "no" : "yes";

    private static (List<PredictionRow> A, List<PredictionRow> B) Pair(int both, int onlyA, int onlyB, int neither)
    {
        var (a, b) = (new List<PredictionRow>(), new List<PredictionRow>());
        for (var i = 0; i < both + onlyA + onlyB + neither; i++)
        {
            var truth = i % 2 == 0 ? "yes" : "no";
            a.Add(SampleRows.Classified(i, truth, i < both + onlyA ? truth : Other(truth)));
            b.Add(SampleRows.Classified(i, truth, i < both || (i >= both + onlyA && i < both + onlyA + onlyB) ? truth : Other(truth)));
        }

        return (a, b);
    }

    private static Task<ComparisonResult> Compare(List<PredictionRow> a, List<PredictionRow> b, ulong seed = 42)
    {
        var shape = SampleRows.Shape(ModelTask.TextClassification);
        shape = shape with { Options = new EvaluationOptions { BootstrapSamples = 500, Seed = seed } };
        var result = SampleRows.Result(shape, []);
        return PairedComparison.CompareAsync(result, Stream(a), result, Stream(b));
    }

    private static async IAsyncEnumerable<PredictionRow> Stream(IEnumerable<PredictionRow> rows)
    {
        foreach (var row in rows)
        {
            await Task.CompletedTask;
            yield return row;
        }
    }
}
