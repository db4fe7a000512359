using System.Text.Json;
using AiAssignments.Evaluation.Reports;

namespace AiAssignments.LoadTesting.Reports;

/// <summary>A load test as JSON: <c>docs/loadtest.schema.json</c> (JSON Schema 2020-12) says what is in it.</summary>
public static class LoadReportJson
{
    /// <summary>Writes a report, UTF-8, indented.</summary>
    /// <param name="report">What to write.</param>
    /// <param name="output">Where to; left open.</param>
    /// <param name="cancellationToken">Stops the writing.</param>
    public static Task WriteAsync(LoadReport report, Stream output, CancellationToken cancellationToken = default) =>
        JsonSerializer.SerializeAsync(output, report, ReportJson.Indented, cancellationToken);
}
