using AiAssignments.Core.Datasets;
using AiAssignments.Core.Evaluations;
using AiAssignments.Evaluation.Reports;

namespace AiAssignments.Tests.Reports;

public sealed class EvaluateCommandTests
{
    [Fact]
    public void Defaults_are_left_out() =>
        Assert.Equal("aia evaluate --model fashion-cnn@1.2.0 --dataset fashion-mnist-test.zip --out reports", EvaluateCommand.Of(SampleResults.Images()));

    [Fact]
    public void Every_option_that_was_changed_is_there()
    {
        var options = new EvaluationOptions
        {
            ErrorThreshold = 0.05,
            Confidence = 0.9,
            BootstrapSamples = 500,
            Seed = 7,
            AbstainBelow = 0.6,
            CalibrationBins = 10,
            TagScheme = "IOB2",
            EntityMode = "seqeval-strict",
            ShardRecords = 100,
            MistakesKept = 5,
            Dataset = new DatasetOptions { Format = "csv", Delimiter = ';', Header = true, InputColumn = "the text", LabelColumn = "label", SliceColumns = ["a", "b"], LabelMap = new Dictionary<string, string> { ["pos"] = "positive", ["neg"] = "negative" } },
        };
        var command = EvaluateCommand.Of(SampleResults.Images() with { Options = options });

        Assert.Equal(
            "aia evaluate --model fashion-cnn@1.2.0 --dataset fashion-mnist-test.zip --out reports --format csv --delimiter ';' --header true --input-column 'the text' --label-column label"
            + " --slice-column a --slice-column b --label-map neg=negative --label-map pos=positive --error-threshold 0.05 --confidence 0.9 --bootstrap-samples 500 --seed 7 --abstain-below 0.6"
            + " --calibration-bins 10 --tag-scheme IOB2 --entity-mode seqeval-strict --shard-records 100 --mistakes-kept 5",
            command);
    }

    [Fact]
    public void A_hostile_name_is_one_argument()
    {
        var result = SampleResults.Images();
        var command = EvaluateCommand.Of(result with { Dataset = result.Dataset with { Name = "a'; rm -rf $HOME `x`.csv" } });

        Assert.Contains("--dataset 'a'\\''; rm -rf $HOME `x`.csv' --out", command, StringComparison.Ordinal);
    }
}
