namespace AiAssignments.Evaluation.Results;

/// <summary>Precision, recall and F1 under one averaging.</summary>
/// <param name="Average"><c>micro</c>, <c>macro</c> or <c>weighted</c>.</param>
/// <param name="Precision">Precision.</param>
/// <param name="Recall">Recall.</param>
/// <param name="F1">F1.</param>
public sealed record AveragedMetrics(string Average, MetricEstimate Precision, MetricEstimate Recall, MetricEstimate F1);
