namespace AiAssignments.Evaluation.Reports;

/// <summary>One section of an HTML report.</summary>
/// <param name="Id">Its anchor.</param>
/// <param name="Title">Its heading.</param>
/// <param name="Write">Writes what stands under the heading.</param>
internal sealed record ReportSection(string Id, string Title, Action<ReportPage> Write);
