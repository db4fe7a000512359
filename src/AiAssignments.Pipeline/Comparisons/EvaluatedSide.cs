using AiAssignments.Core.Errors;
using AiAssignments.Core.Storage;
using AiAssignments.Evaluation.Reports;
using AiAssignments.Evaluation.Results;
using AiAssignments.Pipeline.Evaluations;

namespace AiAssignments.Pipeline.Comparisons;

/// <summary>One side of a comparison: a finished evaluation's report and predictions, wherever they lie.</summary>
public sealed class EvaluatedSide
{
    private readonly Func<string, CancellationToken, Task<Stream>> open;

    private EvaluatedSide(Func<string, CancellationToken, Task<Stream>> open) => this.open = open;

    /// <summary>A report in the blob store.</summary>
    /// <param name="blobs">The store.</param>
    /// <param name="folder">Blob path of the report's folder, with a trailing <c>/</c>.</param>
    public static EvaluatedSide OfBlobs(IBlobStore blobs, string folder) =>
        new((name, cancellationToken) => blobs.OpenReadAsync(folder + name, 0, null, cancellationToken));

    /// <summary>A folder that <c>aia evaluate --out</c> wrote.</summary>
    /// <param name="folder">Path of the folder.</param>
    /// <exception cref="ProblemException"><c>report-not-found</c>.</exception>
    public static EvaluatedSide OfFolder(string folder)
    {
        foreach (var name in new[] { ReportFiles.Json, ReportFiles.Rows })
        {
            if (!File.Exists(Path.Combine(folder, name)))
            {
                throw new ProblemException("report-not-found", $"The folder holds no {name}; give one that 'aia evaluate --out' wrote.", folder);
            }
        }

        return new((name, _) => Task.FromResult<Stream>(File.OpenRead(Path.Combine(folder, name))));
    }

    internal async Task<EvaluationResult> ResultAsync(CancellationToken cancellationToken)
    {
        var stream = await open(ReportFiles.Json, cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            return await JsonReport.ReadAsync(stream, cancellationToken).ConfigureAwait(false);
        }
    }

    internal async IAsyncEnumerable<PredictionRow> RowsAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var stream = await open(ReportFiles.Rows, cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            await foreach (var row in PredictionRowFile.ReadAsync(stream, cancellationToken).ConfigureAwait(false))
            {
                yield return row;
            }
        }
    }
}
