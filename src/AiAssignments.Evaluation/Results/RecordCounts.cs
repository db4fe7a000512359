namespace AiAssignments.Evaluation.Results;

/// <summary>What became of the dataset's records.</summary>
/// <param name="Total">Records in the dataset.</param>
/// <param name="Scored">Scored with a label.</param>
/// <param name="Bad">Refused, with a reason.</param>
/// <param name="Unlabelled">Good, but without a label: predicted, not counted in metrics.</param>
/// <param name="Truncated">Texts cut to the model's longest input.</param>
public sealed record RecordCounts(long Total, long Scored, long Bad, long Unlabelled, long Truncated);
