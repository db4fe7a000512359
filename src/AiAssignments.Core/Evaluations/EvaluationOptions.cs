using AiAssignments.Core.Datasets;

namespace AiAssignments.Core.Evaluations;

/// <summary>What decides an evaluation's numbers, beside the model version and the dataset. Part of the evaluation's id.</summary>
public sealed record EvaluationOptions
{
    /// <summary>The defaults.</summary>
    public static EvaluationOptions Default { get; } = new();

    /// <summary>How the dataset is read.</summary>
    public DatasetOptions Dataset { get; init; } = DatasetOptions.Default;

    /// <summary>Share of bad records (0..1) past which the evaluation fails. Default 0.01.</summary>
    public double ErrorThreshold { get; init; } = 0.01;

    /// <summary>Confidence of all intervals, 0.5..0.999. Default 0.95.</summary>
    public double Confidence { get; init; } = 0.95;

    /// <summary>Bootstrap resamples, 100..100,000. Default 2,000.</summary>
    public int BootstrapSamples { get; init; } = 2000;

    /// <summary>Seed of the bootstrap. Default 42.</summary>
    public ulong Seed { get; init; } = 42;

    /// <summary>Top probability (0..1) under which the model abstains; abstentions are reported beside accuracy and coverage. <c>null</c>: never (default).</summary>
    public double? AbstainBelow { get; init; }

    /// <summary>Calibration bins of equal width, 2..100. Default 15 (Guo et al. 2017).</summary>
    public int CalibrationBins { get; init; } = 15;

    /// <summary>Tagging scheme of the gold tags: <c>IOB1</c>, <c>IOB2</c>, <c>IOBES</c>, or <c>null</c> to recognize it. Predictions are read in the model's own scheme.</summary>
    public string? TagScheme { get; init; }

    /// <summary>Entity matching: <c>conlleval</c> (default), <c>seqeval-default</c> or <c>seqeval-strict</c>.</summary>
    public string EntityMode { get; init; } = "conlleval";

    /// <summary>Records a shard, 1..1,000,000. Default 2,000.</summary>
    public int ShardRecords { get; init; } = 2000;

    /// <summary>Most mistakes kept for the report. Default 50.</summary>
    public int MistakesKept { get; init; } = 50;
}
