using AiAssignments.Core.Errors;
using AiAssignments.Core.Storage;
using AiAssignments.Evaluation.Reports;
using AiAssignments.Http.Requests;
using AiAssignments.Http.Responses;
using AiAssignments.Http.Routing;
using AiAssignments.Pipeline.Access;
using AiAssignments.Pipeline.Comparisons;
using AiAssignments.Pipeline.Evaluations;
using AiAssignments.Pipeline.Optimizations;

namespace AiAssignments.Http.Routes;

/// <summary>Reports of evaluations, comparisons and optimizations in every format.</summary>
/// <param name="evaluations">The evaluations.</param>
/// <param name="comparisons">The comparisons.</param>
/// <param name="optimizations">The optimizations.</param>
/// <param name="blobs">Where reports lie.</param>
internal sealed class ReportRoutes(EvaluationDesk evaluations, ComparisonDesk comparisons, OptimizationDesk optimizations, IBlobStore blobs) : IGatewayRoutes
{
    private const string Html = "text/html; charset=utf-8";

    private static readonly Dictionary<string, (string Type, bool Save)> OfEvaluation = new(StringComparer.Ordinal)
    {
        [ReportFiles.Html] = (Html, false),
        [ReportFiles.Markdown] = ("text/markdown; charset=utf-8", false),
        [ReportFiles.Json] = ("application/json", false),
        [ReportFiles.Csv] = ("text/csv; charset=utf-8", true),
        [ReportFiles.Parquet] = ("application/vnd.apache.parquet", true),
        [ReportFiles.Rows] = ("application/jsonl", true),
    };

    private static readonly Dictionary<string, (string Type, bool Save)> OfComparison = new(StringComparer.Ordinal)
    {
        [ComparisonFiles.Html] = (Html, false),
        [ComparisonFiles.Markdown] = ("text/markdown; charset=utf-8", false),
        [ComparisonFiles.Json] = ("application/json", false),
    };

    private static readonly Dictionary<string, (string Type, bool Save)> OfOptimization = new(StringComparer.Ordinal)
    {
        [OptimizationPaths.Html] = (Html, false),
        [OptimizationPaths.Markdown] = ("text/markdown; charset=utf-8", false),
        [OptimizationPaths.Json] = ("application/json", false),
    };

    public IReadOnlyList<GatewayRoute> Routes =>
    [
        new("GetReport", HttpMethods.Get, "reports/{id}/{file}", AccessScope.Read, GetAsync)
        {
            Summary = "A file of a report: report.html, report.md, report.json, predictions.csv, predictions.parquet or predictions.jsonl of an evaluation; comparison.html, comparison.md or comparison.json of a comparison; optimization.html, optimization.md or optimization.json of an optimization.",
            Tag = "Reports",
            ResponseType = "*/*",
            ResponseExample = "\"<!DOCTYPE html>\"",
            Parameters =
            [
                ListParameters.IfNoneMatch,
                new RouteParameter("Range", "header", "One range of bytes, for example bytes=0-1023: answered with 206."),
                new RouteParameter("If-Range", "header", "ETag that the file must have for the range to be answered; else the whole file is."),
            ],
            Problems = ["report-not-found", "evaluation-ambiguous", "range-unsatisfiable"],
        },
    ];

    private async Task<IResult> GetAsync(HttpContext context)
    {
        var (id, file) = (context.Route("id"), context.Route("file"));
        if (await LocateAsync(id, file, context.RequestAborted).ConfigureAwait(false) is ({ } folder, var (type, save))
            && await blobs.FindAsync(folder + file, context.RequestAborted).ConfigureAwait(false) is { } blob)
        {
            return new BlobAnswer(blobs, blob, type) { ContentSecurityPolicy = type == Html ? HtmlReport.ContentSecurityPolicy : null, SaveAs = save ? file : null };
        }

        throw new ProblemException("report-not-found", "There is no such file of a report, or the work has not ended.");
    }

    private async Task<(string? Folder, (string Type, bool Save) Kind)> LocateAsync(string id, string file, CancellationToken cancellationToken)
    {
        // Only names of our own get further: a path is never made of what a caller says.
        if (OfEvaluation.TryGetValue(file, out var kind))
        {
            return ((await evaluations.FindAsync(id, cancellationToken).ConfigureAwait(false))?.Outcome?.ReportFolder, kind);
        }

        if (OfOptimization.TryGetValue(file, out kind))
        {
            return ((await optimizations.FindAsync(id, cancellationToken).ConfigureAwait(false))?.Outcome?.ReportFolder, kind);
        }

        return OfComparison.TryGetValue(file, out kind) ? ((await comparisons.FindAsync(id, cancellationToken).ConfigureAwait(false))?.ReportFolder, kind) : (null, default);
    }
}
