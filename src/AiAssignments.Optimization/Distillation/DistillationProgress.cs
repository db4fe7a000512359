namespace AiAssignments.Optimization.Distillation;

/// <summary>Where a distillation stands; reports come in order, from one thread at a time.</summary>
/// <param name="Phase"><c>teacher</c>: asking the teacher; <c>training</c>; <c>writing</c>: exporting and checking the student.</param>
/// <param name="Share">Share of all the work that is done, 0 to 1; never falls within a run. Training may end before 1 (early stopping).</param>
public sealed record DistillationProgress(string Phase, double Share)
{
    /// <summary>Entries that the teacher has answered, copies of images counted one by one; during <c>teacher</c>.</summary>
    public int? Answered { get; init; }

    /// <summary>Entries that it has to answer.</summary>
    public int? ToAnswer { get; init; }

    /// <summary>The seed in training.</summary>
    public ulong? Seed { get; init; }

    /// <summary>The epoch that just ended; during <c>training</c>.</summary>
    public LearningCurvePoint? Epoch { get; init; }

    /// <summary>Epochs at most.</summary>
    public int? Epochs { get; init; }
}
