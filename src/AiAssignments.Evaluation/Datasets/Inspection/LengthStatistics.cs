namespace AiAssignments.Evaluation.Datasets.Inspection;

/// <summary>Lengths of inputs: UTF-16 characters of a text (both of a pair), words of a sentence, bytes of an image.</summary>
/// <param name="Unit"><c>characters</c>, <c>words</c> or <c>bytes</c>.</param>
/// <param name="Count">Good records.</param>
/// <param name="Min">The shortest.</param>
/// <param name="Mean">The mean.</param>
/// <param name="P50">The median, within 1 %.</param>
/// <param name="P95">The 95th percentile, within 1 %.</param>
/// <param name="Max">The longest.</param>
public sealed record LengthStatistics(string Unit, long Count, long Min, double Mean, long P50, long P95, long Max);
