using System.CommandLine;
using AiAssignments.Core.Datasets;
using AiAssignments.Core.Evaluations;

namespace AiAssignments.Cli.Commands;

/// <summary>What decides an evaluation's numbers.</summary>
internal sealed class EvaluationOptionSet
{
    private static readonly EvaluationOptions Defaults = EvaluationOptions.Default;

    private readonly Option<double> errorThreshold = new("--error-threshold") { Description = "Share of bad records (0 to 1) past which the evaluation fails.", DefaultValueFactory = _ => Defaults.ErrorThreshold };
    private readonly Option<double> confidence = new("--confidence") { Description = "Confidence of all intervals.", DefaultValueFactory = _ => Defaults.Confidence };
    private readonly Option<int> bootstrap = new("--bootstrap-samples") { Description = "Bootstrap resamples.", DefaultValueFactory = _ => Defaults.BootstrapSamples };
    private readonly Option<ulong> seed = new("--seed") { Description = "Seed of the bootstrap.", DefaultValueFactory = _ => Defaults.Seed };
    private readonly Option<double?> abstain = new("--abstain-below") { Description = "Top probability under which the model abstains." };
    private readonly Option<string?> scheme = new("--tag-scheme") { Description = "Scheme of the gold tags: IOB1, IOB2 or IOBES. Default: found." };
    private readonly Option<string> mode = new("--entity-mode") { Description = "Entity matching: conlleval, seqeval-default or seqeval-strict.", DefaultValueFactory = _ => Defaults.EntityMode };
    private readonly Option<int> shard = new("--shard-records") { Description = "Records a shard.", DefaultValueFactory = _ => Defaults.ShardRecords };

    private readonly Option<int> bins = new("--calibration-bins") { Description = "Bins of the calibration curve.", DefaultValueFactory = _ => Defaults.CalibrationBins };
    private readonly Option<int> mistakes = new("--mistakes-kept") { Description = "Most mistakes shown in the report.", DefaultValueFactory = _ => Defaults.MistakesKept };

    public EvaluationOptionSet(Command command)
    {
        foreach (Option option in new Option[] { errorThreshold, confidence, bootstrap, seed, abstain, scheme, mode, shard, bins, mistakes })
        {
            command.Options.Add(option);
        }
    }

    public EvaluationOptions Read(ParseResult parsed, DatasetOptions dataset) => new()
    {
        Dataset = dataset,
        ErrorThreshold = parsed.GetValue(errorThreshold),
        Confidence = parsed.GetValue(confidence),
        BootstrapSamples = parsed.GetValue(bootstrap),
        Seed = parsed.GetValue(seed),
        AbstainBelow = parsed.GetValue(abstain),
        TagScheme = parsed.GetValue(scheme),
        EntityMode = parsed.GetValue(mode)!,
        ShardRecords = parsed.GetValue(shard),
        CalibrationBins = parsed.GetValue(bins),
        MistakesKept = parsed.GetValue(mistakes),
    };
}
