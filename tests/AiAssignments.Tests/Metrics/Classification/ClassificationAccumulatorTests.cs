using AiAssignments.Core.Errors;
using AiAssignments.Core.Evaluations;
using AiAssignments.Core.Randomness;
using AiAssignments.Evaluation.Metrics.Classification;
using AiAssignments.Evaluation.Metrics.Statistics;

namespace AiAssignments.Tests.Metrics.Classification;

public sealed class ClassificationAccumulatorTests
{
    private static readonly EvaluationOptions Options = new() { BootstrapSamples = 200 };

    [Fact]
    public void Nothing_scored_is_undefined_and_said_so()
    {
        var accumulator = new ClassificationAccumulator(3, Options);
        var metrics = accumulator.Compute(["a", "b", "c"], Options);
        Assert.Null(metrics.Accuracy.Value);
        Assert.Null(metrics.LogLoss);
        Assert.Null(metrics.RocAuc);
        Assert.Null(metrics.ExpectedCalibrationError);
        Assert.All(metrics.Averages, average => Assert.Null(average.F1.Value));
        Assert.Contains("No record", Assert.Single(accumulator.Notes(["a", "b", "c"])), StringComparison.Ordinal);
    }

    [Fact]
    public void Notes_name_what_is_undefined_and_the_convention()
    {
        var accumulator = new ClassificationAccumulator(4, Options);
        for (var i = 0; i < 40; i++)
        {
            accumulator.Add(i % 2, i % 4 == 1 ? [0.2f, 0.1f, 0.7f, 0] : [0.7f, 0.2f, 0.1f, 0]);
        }

        var notes = string.Join('\n', accumulator.Notes(["a", "b", "c", "d"]));
        Assert.Contains("Label 'd' occurs neither in the data nor in the predictions", notes, StringComparison.Ordinal);
        Assert.Contains("Label 'c' occurs in the predictions but not in the data: recall is undefined (0/0)", notes, StringComparison.Ordinal);
        Assert.Contains("Label 'b' occurs in the data but never predicted: precision is undefined (0/0) and counts as zero", notes, StringComparison.Ordinal);
        Assert.Contains("ROC AUC is the mean over the 2 labels", notes, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(-0.1f)]
    [InlineData(1.5f)]
    public void Refuses_what_is_no_probability_and_adds_nothing(float value)
    {
        var accumulator = new ClassificationAccumulator(2, Options);
        var problem = Assert.Throws<ProblemException>(() => accumulator.Add(0, [value, 0.5f])).Problem;
        Assert.Equal("probabilities-invalid", problem.Code);
        Assert.Equal(0, accumulator.Count);
    }

    [Fact]
    public void Refuses_wrong_shapes()
    {
        var accumulator = new ClassificationAccumulator(2, Options);
        Assert.Equal("probabilities-invalid", accumulator.Refusal(0, [1f])!.Code);
        Assert.Equal("label-out-of-range", accumulator.Refusal(2, [1f, 0f])!.Code);
        Assert.Equal("label-count", Assert.Throws<ProblemException>(() => new ClassificationAccumulator(0, Options)).Problem.Code);
        Assert.Equal("label-count", Assert.Throws<ProblemException>(() => new ClassificationAccumulator(5000, Options)).Problem.Code);
        Assert.Equal("shards-differ", Assert.Throws<ProblemException>(() => accumulator.Merge(new ClassificationAccumulator(3, Options))).Problem.Code);
        var otherBins = new ClassificationAccumulator(2, Options with { CalibrationBins = 10 });
        Assert.Equal("shards-differ", Assert.Throws<ProblemException>(() => ClassificationAccumulator.FromState(otherBins.ToState(), Options)).Problem.Code);
    }

    [Fact]
    public void Abstention_counts_the_answered_ones()
    {
        var options = Options with { AbstainBelow = 0.75 };
        var accumulator = new ClassificationAccumulator(2, options);
        accumulator.Add(0, [0.75f, 0.25f]);
        accumulator.Add(0, [0.1f, 0.9f]);
        accumulator.Add(1, [0.6f, 0.4f]);
        accumulator.Add(1, [0.3f, 0.7f]);
        var abstention = accumulator.Compute(["a", "b"], options).Abstention!;
        Assert.Equal(2, abstention.Abstained);
        Assert.Equal(0.5, abstention.Coverage.Value);
        Assert.Equal(0.5, abstention.SelectiveAccuracy.Value);
    }

    [Fact]
    public void Negative_zero_and_zero_are_one_score()
    {
        var accumulator = new ClassificationAccumulator(2, Options);
        accumulator.Add(0, [1, 0f]);
        accumulator.Add(1, [1, -0f]);
        Assert.Equal(0.5, accumulator.Compute(["a", "b"], Options).RocAuc);
    }

    [Fact]
    public void Stratified_bootstrap_covers_what_it_says()
    {
        // Rows of the true confusion matrix; 60 + 40 records a data set.
        long[][] truth = [[45, 10, 5], [6, 30, 4]];
        var (support, predicted, right) = (new long[] { 60, 40, 0 }, new long[] { 51, 40, 9 }, new long[] { 45, 30, 0 });
        var expected = new ClassCounts(support, predicted, right);
        var (f1, mcc) = (expected.F1(0)!.Value, expected.Mcc()!.Value);
        var samplers = truth.Select(row => new MultinomialSampler(row)).ToList();
        var random = new Xoshiro256(21);
        var drawn = new long[3];
        var (coveredF1, coveredMcc) = (0, 0);
        const int Trials = 300;
        for (var trial = 0; trial < Trials; trial++)
        {
            var matrix = new ConfusionMatrix(3);
            for (var i = 0; i < truth.Length; i++)
            {
                samplers[i].Draw(random, drawn);
                for (var j = 0; j < drawn.Length; j++)
                {
                    matrix.Add(i, j, drawn[j]);
                }
            }

            var margins = matrix.Margins();
            var counts = new ClassCounts(margins.Support, margins.Predicted, margins.TruePositives);
            var bootstrap = ClassificationBootstrap.Run(matrix, Options with { BootstrapSamples = 400, Seed = (ulong)trial });
            var a = bootstrap.F1[0].Estimate(counts.F1(0), 0.95, "x");
            var b = bootstrap.Mcc.Estimate(counts.Mcc(), 0.95, "x");
            coveredF1 += a.Lower <= f1 && f1 <= a.Upper ? 1 : 0;
            coveredMcc += b.Lower <= mcc && mcc <= b.Upper ? 1 : 0;
        }

        Assert.InRange(coveredF1 / (double)Trials, 0.90, 0.99);
        Assert.InRange(coveredMcc / (double)Trials, 0.90, 0.99);
    }
}
