using System.Text.Json;
using AiAssignments.Core.Errors;
using AiAssignments.Evaluation.Results;

namespace AiAssignments.Evaluation.Reports;

/// <summary>Results as JSON: <c>docs/report.schema.json</c>, <c>docs/comparison.schema.json</c> and <c>docs/optimization.schema.json</c> (JSON Schema 2020-12) say what is in it.</summary>
public static class JsonReport
{
    /// <summary>Writes an evaluation, UTF-8, indented.</summary>
    /// <param name="result">What to write.</param>
    /// <param name="output">Where to; left open.</param>
    /// <param name="cancellationToken">Stops the writing.</param>
    public static Task WriteAsync(EvaluationResult result, Stream output, CancellationToken cancellationToken = default) =>
        JsonSerializer.SerializeAsync(output, result, ReportJson.Indented, cancellationToken);

    /// <summary>Writes a comparison, UTF-8, indented.</summary>
    /// <param name="result">What to write.</param>
    /// <param name="output">Where to; left open.</param>
    /// <param name="cancellationToken">Stops the writing.</param>
    public static Task WriteAsync(ComparisonResult result, Stream output, CancellationToken cancellationToken = default) =>
        JsonSerializer.SerializeAsync(output, result, ReportJson.Indented, cancellationToken);

    /// <summary>Writes an optimization, UTF-8, indented.</summary>
    /// <param name="result">What to write.</param>
    /// <param name="output">Where to; left open.</param>
    /// <param name="cancellationToken">Stops the writing.</param>
    public static Task WriteAsync(OptimizationResult result, Stream output, CancellationToken cancellationToken = default) =>
        JsonSerializer.SerializeAsync(output, result, ReportJson.Indented, cancellationToken);

    /// <summary>Reads an evaluation that <see cref="WriteAsync(EvaluationResult, Stream, CancellationToken)"/> wrote. Properties it does not know are passed over.</summary>
    /// <param name="input">Where from.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="ProblemException"><c>report-invalid</c>: not JSON, or not of this shape; <c>report-schema-unknown</c>: of a later major version.</exception>
    public static async Task<EvaluationResult> ReadAsync(Stream input, CancellationToken cancellationToken = default)
    {
        EvaluationResult? result;
        try
        {
            result = await JsonSerializer.DeserializeAsync<EvaluationResult>(input, ReportJson.Options, cancellationToken).ConfigureAwait(false);
        }
        catch (JsonException exception)
        {
            var where = exception.LineNumber is { } line ? $"line {line + 1}, {exception.Path}" : exception.Path;
            throw new ProblemException(new Problem("report-invalid", "The file is not a report of this product: it is no JSON of the documented shape (docs/report.schema.json).", where), exception);
        }

        if (result is null)
        {
            throw new ProblemException("report-invalid", "The file holds null where a report was expected.");
        }

        if (result.Schema is null || !result.Schema.StartsWith("1.", StringComparison.Ordinal))
        {
            throw new ProblemException("report-schema-unknown", $"The report has schema '{result.Schema}'; this version reads 1.x. Read it with the version that wrote it, or evaluate again.");
        }

        return result;
    }
}
