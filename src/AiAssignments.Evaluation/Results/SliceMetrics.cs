namespace AiAssignments.Evaluation.Results;

/// <summary>Accuracy of one slice of the dataset.</summary>
/// <param name="Slice">What it is sliced by: a column name, or <c>length</c> (characters of text, words of a sentence).</param>
/// <param name="Value">The column's value, or the range, for example <c>65–128</c>.</param>
/// <param name="Count">Records (for tagging: words) in it.</param>
/// <param name="Accuracy">Share of right ones, with Wilson interval.</param>
public sealed record SliceMetrics(string Slice, string Value, long Count, MetricEstimate Accuracy);
