using AiAssignments.Core.Errors;
using AiAssignments.Embedded;
using AiAssignments.Pipeline.Evaluations;

namespace AiAssignments.Local.Endpoints;

/// <summary><c>/reports/{id}/{file}</c>: an evaluation's report in every format.</summary>
internal static class ReportEndpoints
{
    private static readonly Dictionary<string, string> ContentTypes = new(StringComparer.Ordinal)
    {
        [ReportFiles.Html] = "text/html; charset=utf-8",
        [ReportFiles.Markdown] = "text/markdown; charset=utf-8",
        [ReportFiles.Json] = "application/json",
        [ReportFiles.Csv] = "text/csv; charset=utf-8",
        [ReportFiles.Parquet] = "application/vnd.apache.parquet",
        [ReportFiles.Rows] = "application/jsonl",
    };

    public static void MapReports(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/reports/{id}/{file}", async (string id, string file, EmbeddedRuntime runtime, CancellationToken cancellationToken) =>
        {
            var job = await runtime.Evaluations.FindAsync(id, cancellationToken).ConfigureAwait(false);
            if (job?.Outcome is not { } outcome || !ContentTypes.TryGetValue(file, out var contentType))
            {
                throw new ProblemException("report-not-found", $"There is no report file '{file}' of an evaluation '{id}'.");
            }

            var stream = await runtime.OpenBlobAsync(outcome.ReportFolder + file, cancellationToken).ConfigureAwait(false);
            return TypedResults.Stream(stream, contentType);
        });
}
