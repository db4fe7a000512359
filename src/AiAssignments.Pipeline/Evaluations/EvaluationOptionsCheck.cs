using AiAssignments.Core.Errors;
using AiAssignments.Core.Evaluations;

namespace AiAssignments.Pipeline.Evaluations;

/// <summary>Refuses options out of their documented ranges, naming the option and what is allowed.</summary>
internal static class EvaluationOptionsCheck
{
    public static void Check(EvaluationOptions options)
    {
        Within("error threshold", options.ErrorThreshold, 0, 1);
        Within("confidence", options.Confidence, 0.5, 0.999);
        Within("bootstrap samples", options.BootstrapSamples, 100, 100_000);
        Within("calibration bins", options.CalibrationBins, 2, 100);
        Within("shard records", options.ShardRecords, 1, 1_000_000);
        Within("mistakes kept", options.MistakesKept, 0, 10_000);
        if (options.AbstainBelow is { } threshold)
        {
            Within("abstention threshold", threshold, 0, 1);
        }

        OneOf("tag scheme", options.TagScheme ?? "IOB2", "IOB1", "IOB2", "IOBES");
        OneOf("entity mode", options.EntityMode, "conlleval", "seqeval-default", "seqeval-strict");
    }

    private static void Within(string name, double value, double least, double most)
    {
        if (!(value >= least && value <= most))
        {
            throw new ProblemException("option-out-of-range", FormattableString.Invariant($"The {name} is {value}; it must be {least} to {most}."));
        }
    }

    private static void OneOf(string name, string value, params string[] allowed)
    {
        if (!allowed.Contains(value, StringComparer.Ordinal))
        {
            throw new ProblemException("option-out-of-range", $"The {name} is '{value}'; it must be one of {string.Join(", ", allowed)}.");
        }
    }
}
