using AiAssignments.Evaluation.Results;

namespace AiAssignments.Evaluation.Reports.Charts;

/// <summary>One row of a <see cref="DotChart"/>.</summary>
/// <param name="Label">What it is of.</param>
/// <param name="Note">Small text after the label, for example the count.</param>
/// <param name="Estimate">Value and interval, as shares.</param>
internal sealed record DotRow(string Label, string Note, MetricEstimate Estimate);
