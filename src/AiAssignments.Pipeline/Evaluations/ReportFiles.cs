namespace AiAssignments.Pipeline.Evaluations;

/// <summary>Names of the files in a report's folder.</summary>
public static class ReportFiles
{
    /// <summary>The self-contained HTML report.</summary>
    public const string Html = "report.html";

    /// <summary>The Markdown report.</summary>
    public const string Markdown = "report.md";

    /// <summary>The JSON report; its schema is <c>docs/report.schema.json</c>.</summary>
    public const string Json = "report.json";

    /// <summary>The predictions as CSV, defused for spreadsheets.</summary>
    public const string Csv = "predictions.csv";

    /// <summary>The predictions as Parquet.</summary>
    public const string Parquet = "predictions.parquet";

    /// <summary>The predictions as JSON Lines, exact: what comparisons read.</summary>
    public const string Rows = "predictions.jsonl";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Html, Markdown, Json, Csv, Parquet, Rows];
}
