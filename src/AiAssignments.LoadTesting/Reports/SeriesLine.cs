namespace AiAssignments.LoadTesting.Reports;

/// <summary>A line of a chart over time.</summary>
/// <param name="Name">What it shows.</param>
/// <param name="Style">Class of the style sheet.</param>
/// <param name="Values">A value a second; <c>null</c>: a gap.</param>
internal sealed record SeriesLine(string Name, string Style, IReadOnlyList<double?> Values);
