namespace AiAssignments.Evaluation.Metrics.Classification;

/// <summary>How often each score of one label occurred, for the area under its ROC curve.</summary>
/// <param name="Binned">Whether there were too many distinct scores to keep each.</param>
/// <param name="Counts">Rising keys (as differences), records of the label, records of the others; 7-bit encoded integers.</param>
public sealed record ScoreCountsState(bool Binned, byte[] Counts);
