namespace AiAssignments.Bench.Running;

/// <summary>How long and how hard each thing is measured.</summary>
/// <param name="WarmUp">Before each run of load.</param>
/// <param name="Run">A run of load.</param>
/// <param name="Samples">Answers of a run at a fixed rate that are wished for: it lasts longer where the rate is low.</param>
/// <param name="ModelRun">A run of one model at one batch size over HTTP.</param>
/// <param name="ShapeRun">The same of a shape in this process; at least <paramref name="FewestRuns"/> inferences.</param>
/// <param name="FewestRuns">Fewest inferences of a shape, after one that does not count.</param>
/// <param name="LargestShapeBatch">Largest batch of a shape.</param>
/// <param name="UploadBytes">Size of an uploaded file.</param>
/// <param name="MostUploads">Most files that one run uploads: what bounds the disk.</param>
/// <param name="MostConnections">Most connections to one service.</param>
/// <param name="SmallEvaluations">Evaluations of small datasets at once.</param>
/// <param name="SmallRecords">Records of each.</param>
/// <param name="LargeRecords">Most records of the large dataset.</param>
/// <param name="SeededDatasets">Datasets, and as many evaluations, that a private installation's lists are filled with before they are asked for.</param>
internal sealed record BenchPace(
    TimeSpan WarmUp, TimeSpan Run, int Samples, TimeSpan ModelRun, TimeSpan ShapeRun, int FewestRuns, int LargestShapeBatch, int UploadBytes, int MostUploads, int MostConnections, int SmallEvaluations, int SmallRecords, int LargeRecords, int SeededDatasets)
{
    /// <summary>Longest run of what answers seldom.</summary>
    public static TimeSpan LongestRun { get; } = TimeSpan.FromSeconds(16);

    public static BenchPace Usual { get; } = new(
        TimeSpan.FromSeconds(0.8), TimeSpan.FromSeconds(2.5), 110, TimeSpan.FromSeconds(0.6), TimeSpan.FromSeconds(1), 1, 16, 4_000_000, 400, 5_000, 50, 20, 40_000, 300);

    public static BenchPace Quick { get; } = new(
        TimeSpan.FromSeconds(0.3), TimeSpan.FromSeconds(0.9), 25, TimeSpan.FromSeconds(0.2), TimeSpan.FromSeconds(0.2), 1, 8, 1_000_000, 300, 200, 10, 20, 4_000, 30);

    /// <summary>A longer run, where one has had too few answers; <c>null</c>: it was as long as can be.</summary>
    public static TimeSpan? LongerThan(TimeSpan run) => run < LongestRun ? TimeSpan.FromTicks(Math.Min(run.Ticks * 4, LongestRun.Ticks)) : null;
}
