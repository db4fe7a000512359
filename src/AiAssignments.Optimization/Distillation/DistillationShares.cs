namespace AiAssignments.Optimization.Distillation;

/// <summary>Turns answers and epochs into shares of the whole.</summary>
internal sealed class DistillationShares(DistillationOptions options, IProgress<DistillationProgress>? progress)
{
    private const double OfTeacher = 0.3;
    private const double OfWriting = 0.03;
    private readonly double trainingStart = options.Alpha > 0 ? OfTeacher : 0;

    public void Answered(int done, int all) =>
        progress?.Report(new DistillationProgress("teacher", OfTeacher * done / all) { Answered = done, ToAnswer = all });

    public void Trained(int seed, LearningCurvePoint point)
    {
        var done = (seed + ((double)point.Epoch / options.Epochs)) / options.Seeds.Count;
        progress?.Report(new DistillationProgress("training", trainingStart + ((1 - OfWriting - trainingStart) * done))
        {
            Seed = options.Seeds[seed],
            Epoch = point,
            Epochs = options.Epochs,
        });
    }
}
