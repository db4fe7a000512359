namespace AiAssignments.Evaluation.Results;

/// <summary>What happens when the model abstains under a confidence.</summary>
/// <param name="Threshold">Top probability under which it abstains.</param>
/// <param name="Abstained">Records abstained on.</param>
/// <param name="Coverage">Share of records answered.</param>
/// <param name="SelectiveAccuracy">Accuracy on the answered ones.</param>
public sealed record AbstentionMetrics(double Threshold, long Abstained, MetricEstimate Coverage, MetricEstimate SelectiveAccuracy);
