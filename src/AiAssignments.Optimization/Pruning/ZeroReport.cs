using System.Globalization;
using AiAssignments.Core.Errors;
using AiAssignments.Onnx;
using AiAssignments.Optimization.Graphs;
using AiAssignments.Optimization.Passes;
using AiAssignments.Optimization.Quantization;

namespace AiAssignments.Optimization.Pruning;

/// <summary>What a pass that makes zeros reports: asked and found, in all and for each weight.</summary>
internal static class ZeroReport
{
    private const string Meaning = "The zeros are stored like other weights: they make the model smaller on disk only when it is compressed, and not faster by themselves,"
        + " since dense kernels multiply by zero as by any number.";

    /// <summary>Counts zeros of either sign.</summary>
    public static long Zeros(OnnxModel model, TensorProto tensor) => model.Tensors.Floats(tensor).LongCount(value => value == 0);

    /// <summary>Writes facts and notes.</summary>
    /// <exception cref="ProblemException"><c>already-pruned</c>: no zero had to be made; <c>nothing-to-prune</c>: the share rounds to no weight.</exception>
    public static void Write(OnnxModel model, IReadOnlyList<ZeroCount> counts, long asked, PassReport report)
    {
        var (all, before, after) = (counts.Sum(count => count.Weight.Count), counts.Sum(count => count.Before), counts.Sum(count => count.After));
        if (asked == 0)
        {
            throw new ProblemException("nothing-to-prune", string.Create(CultureInfo.InvariantCulture, $"What was asked for rounds to none of the {all} prunable weights."));
        }

        if (after == before)
        {
            throw new ProblemException(
                "already-pruned",
                string.Create(CultureInfo.InvariantCulture, $"{before} of the {all} prunable weights are zero already, where {asked} zeros are asked for; a new version would be the same."));
        }

        report.Fact(PassFact.Of("sparsity-asked", Math.Round((double)asked / all, 6)));
        report.Fact(PassFact.Of("sparsity-found", Math.Round((double)after / all, 6)));
        report.Fact(PassFact.Of("zeros-asked", asked, "weights"));
        report.Fact(PassFact.Of("zeros-found", after, "weights"));
        report.Fact(PassFact.Of("zeros-before", before, "weights"));
        report.Fact(PassFact.Of("weights-prunable", all, "weights"));
        var parameters = QuantizationSteps.FloatsLeft(model.Proto);
        report.Fact(PassFact.Of("parameters-before", parameters, "weights"));
        report.Fact(PassFact.Of("parameters-after", parameters, "weights"));
        report.Fact(PassFact.Of("nodes-left-alone", report.LeftCount, "nodes"));
        foreach (var count in counts)
        {
            var unit = string.Create(CultureInfo.InvariantCulture, $"of {count.Weight.Count} weights");
            if (count.Asked is { } here)
            {
                report.Fact(PassFact.Of("zeros-asked:" + count.Weight.Label, here, unit));
            }

            report.Fact(PassFact.Of("zeros-found:" + count.Weight.Label, count.After, unit));
        }

        report.Note(Meaning);
        if (after > asked)
        {
            report.Note(string.Create(CultureInfo.InvariantCulture, $"{after - asked} more weights are zero than asked for: they were zero before."));
        }
    }
}
