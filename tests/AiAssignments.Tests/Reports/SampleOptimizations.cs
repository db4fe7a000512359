using AiAssignments.Evaluation.Results;

namespace AiAssignments.Tests.Reports;

/// <summary>Optimizations as the pipeline makes them.</summary>
internal static class SampleOptimizations
{
    public static OptimizationResult Accepted() => new()
    {
        OptimizationId = "7a0c1de2a3b4c5d6e7f8091a2b3c4d5e",
        Pass = "distill:T=3,a=0.5,student=hashed-ngrams-16384x16",
        Accepted = true,
        Verdict = "Accepted: accuracy changed by +1.85 points (+0.77 to +2.93); the interval stays within the 1 point that may be lost.",
        MaxAccuracyDrop = 0.01,
        Comparison = SampleResults.Comparison(),
        Before = new ModelCost(438_000_000, 402_000_000, 109_500_000, 520_000_000, [new(1, 21.5, 30.1, 46.2, 140), new(8, 160.2, 180.5, 49.9, 40), new(16, 322.4, 371, 49.6, 20)]),
        After = new ModelCost(1_050_000, 990_000, 262_000, 3_400_000, [new(1, 0.11, 0.34, 8589, 1600), new(8, 0.47, 1.26, 16_531, 1600), new(16, 0.86, 1.28, 18_760, 1600)]),
        Facts = [new("training-records", "3600", "records"), new("instruction-sets", "avx2, avx512-vnni", "")],
        Notes = ["The student learned from train.csv."],
        Attempts = [new("sst2-distilled@1", [], new MetricEstimate(0.0185, 0.0077, 0.0293), true)],
        Learning = [.. Enumerable.Range(1, 2).SelectMany(seed => Enumerable.Range(1, 12).Select(epoch => new LearningPoint(seed, epoch, 1.0 / epoch, 0.9 - (0.3 / (epoch + seed)))))],
    };

    public static OptimizationResult Refused() => Accepted() with
    {
        Pass = "quantize:dynamic-int8",
        Accepted = false,
        Learning = null,
        Attempts =
        [
            new("sst2@int8-1", [], new MetricEstimate(-0.05, -0.07, -0.03), false),
            new("sst2@int8-2", ["/encoder/layer.0/output/dense/MatMul"], new MetricEstimate(-0.02, -0.04, -0.001), false),
        ],
    };

    /// <summary>Nothing could be measured, and every string is an attack.</summary>
    public static OptimizationResult Hostile()
    {
        const string Evil = HostileText.Everything;
        var nothing = new ModelCost(0, 0, 0, null, []);
        return Accepted() with
        {
            OptimizationId = Evil,
            Pass = Evil,
            Verdict = Evil,
            Comparison = SampleResults.Comparison() with { A = SampleResults.Hostile(), B = SampleResults.Hostile(), Differences = [], Notes = [Evil] },
            Before = nothing,
            After = nothing,
            Facts = [new(Evil, Evil, Evil), new(HostileText.Long, HostileText.Long, HostileText.Long)],
            Notes = [Evil, HostileText.Long],
            Attempts = [new(Evil, [Evil, HostileText.Long], new MetricEstimate(null), false), new(Evil, [], new MetricEstimate(double.Epsilon), true)],
            Learning = [new(1, 1, 0.5, null)],
        };
    }
}
