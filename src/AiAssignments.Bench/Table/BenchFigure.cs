namespace AiAssignments.Bench.Table;

/// <summary>What a figure of the table is.</summary>
/// <param name="Id">Its name in files of targets and in comparisons, for example <c>gateway.p99</c>. Unique in a table.</param>
/// <param name="Section">The section it stands in.</param>
/// <param name="Subject">What was measured, for a person: a row of the section.</param>
/// <param name="Name">Which figure of it: a column of the section.</param>
/// <param name="Unit"><c>ms</c>, <c>/s</c>, <c>MB/s</c>, <c>MB</c> (10⁶ bytes), <c>cores</c>, <c>users</c>, <c>share</c> (0 to 1).</param>
/// <param name="Better">Which way it is better.</param>
public sealed record BenchFigure(string Id, BenchSection Section, string Subject, string Name, string Unit, BenchDirection Better);
