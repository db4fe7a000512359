namespace AiAssignments.Bench.Steps;

/// <summary>From how many samples on a percentile says something: with one beyond it in each round, on average.</summary>
internal static class Percentiles
{
    /// <summary>Fewest samples of a 95th percentile.</summary>
    public const int FewestOfP95 = 20;

    /// <summary>Fewest samples of a 99th percentile.</summary>
    public const int FewestOfP99 = 100;

    public static double? P95(double value, long samples) => samples >= FewestOfP95 ? value : null;

    public static double? P99(double value, long samples) => samples >= FewestOfP99 ? value : null;
}
